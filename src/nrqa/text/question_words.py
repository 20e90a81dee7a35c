"""Words that begin a question and say nothing of what it is about, in the languages of the readers of dates."""

from __future__ import annotations

OPENING = frozenset(
    # English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish and Danish, Polish, Russian
    (
        "who whom whose what which when where why how is are was were am be do does did has have had can could "
        "will would shall should may might must in on at by for from of to with the a an under during after before "
        "if as and or wer wen wem wessen welche welcher welches welchen welchem wann wo wohin woher warum weshalb "
        "wieso wie ist sind war waren hat haben hatte kann können darf dürfen muss müssen soll wird werden wurde "
        "wurden gibt auf mit von der die das ein eine nach seit unter qui que quoi quel quelle quels quelles quand "
        "où pourquoi comment combien est sont était ont peut doit dans en à de le la les un une des du au aux sur "
        "quién quiénes qué cuál cuáles cuándo dónde cómo cuánto cuántos cuánta cuántas por para es son era fue ha "
        "han hay puede el los las al del chi che cosa quale quali quando dove perché come quanto quanti è sono può "
        "il lo gli nel nella quem qual quais onde são foi pode o os no na wat welke wanneer waar waarom hoe kan "
        "het een vem vad vilken vilket vilka när var varför hur är hvem hvad hvilken hvornår hvor hvorfor hvordan "
        "er kto co który która które kiedy gdzie dlaczego jak czy jest są w z кто что какой какая какие когда где "
        "почему зачем как сколько есть был в на с по "
    ).split()
)
"""They are not reported where they occur in no document."""
