"""`nrqa completion`: what a shell needs to complete commands, options and names."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from nrqa.cli.completing import CONDITION, DOCUMENT, INDEX
from nrqa.cli.frame import app, guarded
from nrqa.cli.output import print_text

_KINDS = {
    "--where": CONDITION,
    "--only": DOCUMENT,
    "--document": DOCUMENT,
    "-d": DOCUMENT,
    "--index": INDEX,
}
"""What stands behind an option, where that is no file."""
_ARGUMENTS = {"show": DOCUMENT}
"""What the words of a command are, where they are no files."""


class Shell(StrEnum):
    """The shells that are known."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


@app.command()
@guarded
def completion(shell: Annotated[Shell, typer.Argument(help="The shell that you use.", show_default=False)]) -> None:
    """Print what makes a shell complete commands, options, documents and metadata with the TAB key.

    bash: nrqa completion bash > ~/.local/share/bash-completion/completions/nrqa
    zsh: nrqa completion zsh > a folder of $fpath, as _nrqa
    fish: nrqa completion fish > ~/.config/fish/completions/nrqa.fish
    """
    from nrqa.cli import application

    application()
    root = typer.main.get_command(app)
    print_text(script(shell, root))


def script(shell: Shell, root: Any) -> str:
    """The script of a shell, for these commands."""
    commands = dict(_commands(root))
    return {Shell.BASH: _bash, Shell.ZSH: _zsh, Shell.FISH: _fish}[shell](commands)


Options = list[tuple[list[str], str, bool]]
"""An option's names, its help, and whether a value follows."""


def _commands(root: Any) -> list[tuple[str, tuple[str, Options, list[str]]]]:
    """Each command, with what it does, its options, and the commands in it; "" is nrqa itself."""
    found = [("", ("", _options(root), list(root.commands)))]
    for name, command in root.commands.items():
        inner = list(getattr(command, "commands", {}))
        options = _options(command)
        for each in getattr(command, "commands", {}).values():
            options += [one for one in _options(each) if one not in options]
        found.append((name, (command.get_short_help_str(200), options, inner)))
    return found


def _options(command: Any) -> Options:
    found: Options = [(["-h", "--help"], "Show the help.", False)]
    for parameter in command.params:
        if parameter.param_type_name == "option":
            names = [*parameter.opts, *parameter.secondary_opts]
            first = (parameter.help or "").partition(";")[0].partition(". ")[0]
            found.append((names, first, not parameter.is_flag))
    return found


def _cases(commands: dict[str, tuple[str, Options, list[str]]]) -> tuple[str, str]:
    """Two lists of cases that bash and zsh have alike: the options of each command, and what stands behind which."""
    options, inner = [], []
    for name, (_, its, within) in commands.items():
        written = " ".join(option for names, _, _ in its for option in names)
        options.append(f"    '{name}') options='{written}' ;;")
        inner.append(f"    '{name}') inner='{' '.join(within)}' ;;")
    return "\n".join(options), "\n".join(inner)


def _kinds() -> str:
    behind = "\n".join(f"    {option}) kind={kind} ;;" for option, kind in _KINDS.items())
    return f"{behind}\n    -*) ;;\n    *) [[ $verb == {' || $verb == '.join(_ARGUMENTS)} ]] && kind={DOCUMENT} ;;"


def _bash(commands: dict[str, tuple[str, Options, list[str]]]) -> str:
    options, inner = _cases(commands)
    return f"""\
# Completion of nrqa for bash. Made by: nrqa completion bash
_nrqa() {{
  local cur prev verb kind= options= inner= one cut=
  local -a words
  if declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref -n =: cur prev words
  else
    words=("${{COMP_WORDS[@]}}"); cur=${{COMP_WORDS[COMP_CWORD]}}; prev=${{COMP_WORDS[COMP_CWORD-1]}}
  fi
  verb=; (( ${{#words[@]}} > 2 )) && verb=${{words[1]}}
  case $verb in
{options}
  esac
  case $verb in
{inner}
  esac
  COMPREPLY=()
  case $prev in
{_kinds()}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur")); return
  fi
  if [[ -n $inner && ( -z $verb || $prev == "$verb" ) ]]; then
    COMPREPLY=($(compgen -W "$inner" -- "$cur"))
    [[ -z $verb || ${{#COMPREPLY[@]}} -gt 0 ]] && return
  fi
  [[ -n $kind ]] || return
  # bash replaces only what stands behind the last of these signs.
  [[ $cur == *[=:]* && $COMP_WORDBREAKS == *[=:]* ]] && cut=${{cur%"${{cur##*[=:]}}"}}
  while IFS= read -r one; do
    [[ $one == */ || $one == *= ]] && compopt -o nospace 2>/dev/null
    COMPREPLY+=("$(printf %q "${{one#"$cut"}}")")
  done < <(command "${{words[0]}}" --complete "$kind" "${{cur//\\\\/}}" "${{words[@]}}" 2>/dev/null)
}}
complete -o default -F _nrqa nrqa
"""


def _zsh(commands: dict[str, tuple[str, Options, list[str]]]) -> str:
    options, inner = _cases(commands)
    return f"""\
#compdef nrqa
# Completion of nrqa for zsh. Made by: nrqa completion zsh
_nrqa() {{
  local cur=${{(Q)words[CURRENT]}} prev=${{words[CURRENT-1]}} verb= kind= options= inner= one
  (( CURRENT > 2 )) && verb=$words[2]
  case $verb in
{options}
  esac
  case $verb in
{inner}
  esac
  case $prev in
{_kinds()}
  esac
  if [[ $cur == -* ]]; then
    compadd -- ${{=options}}; return
  fi
  if [[ -n $inner && ( -z $verb || $prev == "$verb" ) ]]; then
    compadd -- ${{=inner}}
    [[ -z $verb ]] && return
  fi
  if [[ -n $kind ]]; then
    for one in "${{(@f)$(command $words[1] --complete $kind "$cur" "${{(@Q)words}}" 2>/dev/null)}}"; do
      [[ -z $one ]] && continue
      if [[ $one == */ || $one == *= ]]; then compadd -U -S '' -- "$one"; else compadd -U -- "$one"; fi
    done
    [[ $kind == {INDEX} ]] && _files -/
    return
  fi
  _files
}}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _nrqa "$@"; else compdef _nrqa nrqa; fi
"""


def _fish(commands: dict[str, tuple[str, Options, list[str]]]) -> str:
    lines = [
        "# Completion of nrqa for fish. Made by: nrqa completion fish",
        "function __nrqa_offer; command nrqa --complete $argv[1] (commandline -ct) (commandline -opc) 2>/dev/null; end",
    ]
    alone = "__fish_use_subcommand"
    for name, (told, options, inner) in commands.items():
        within = f"__fish_seen_subcommand_from {name}" if name else alone
        if name:
            lines.append(f"complete -c nrqa -f -n {alone} -a {name} -d {_quoted(told)}")
            lines += [f"complete -c nrqa -n '{within}' -a {each}" for each in inner]
        if name in _ARGUMENTS:
            lines.append(f"complete -c nrqa -f -n '{within}' -a '(__nrqa_offer {_ARGUMENTS[name]})'")
        for names, told_of_it, takes in options:
            words = " ".join(f"-l {one[2:]}" if one.startswith("--") else f"-s {one[1:]}" for one in names)
            kind = next((_KINDS[one] for one in names if one in _KINDS), None)
            value = f" -x -a '(__nrqa_offer {kind})'" if kind else " -r" if takes else ""
            lines.append(f"complete -c nrqa -n '{within}' {words}{value} -d {_quoted(told_of_it)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
