/**
 * Generates the completion scripts of the shells from the commands.
 *
 * Each script finds the command that the words so far invoke, and offers what can come next: commands,
 * options after a dash, files where the command takes them. It also works for the name of the Python
 * client's command, under which the program may be installed.
 * @module
 */
import { allNodes, type CommandNode, type OptionNode } from "../../command_line/command_outline.ts";

/** The script for a shell; undefined for an unknown shell. */
export function completionScript(shell: string, program: CommandNode): string | undefined {
  const nodes = allNodes(program);
  switch (shell) {
    case "bash":
      return bash(program.name, nodes);
    case "zsh":
      return zsh(program.name, nodes);
    case "fish":
      return fish(program.name, nodes);
    case "powershell":
      return powershell(program.name, nodes);
  }
}

/**
 * Nothing in it depends on the IFS, the globbing and the modes (`set -eu`, `posix`) of the shell that
 * loads it: no unquoted expansion, no empty array. Bash splits `--output=file` into three words, unless
 * COMP_WORDBREAKS says otherwise. It works in Bash 3, which macOS has.
 */
function bash(name: string, nodes: readonly CommandNode[]): string {
  const cases = nodes.map(({ path, children, values, options }) => {
    const commands = [...children.map((child) => child.name), ...values];
    const all = flags(options);
    return `    "${path}") commands=(${commands.join(" ")}) options=(${all.join(" ")}) ;;`;
  });
  const withPath = flagsWithPath(nodes);
  return `# Completions of ${name} for bash. Load them with: source <(${name} completions bash)
_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} called=${name} option= word at
  local -a commands=() options=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if [[ $word == "=" ]]; then
      continue
    fi
    if [[ -n $option ]]; then
      option=
      continue
    fi
${followWord(nodes)}
  done
  case "$called" in
${cases.join("\n")}
  esac
  COMPREPLY=()
  if [[ -n $option && $current == "=" ]]; then
    current=
  fi
  case "$option" in
    ${withPath.join("|")}) _${name}_files "" "$current"; return ;;
    ?*) return ;;
  esac
  case "$current" in
    ${withPath.map((flag) => `${flag}=*`).join("|")})
      _${name}_files "\${current%%=*}=" "\${current#*=}" ;;
    -*=*) ;;
    -*) _${name}_offer "$current" "\${options[@]}" ;;
    *)
      if ((\${#commands[@]} > 0)); then
        _${name}_offer "$current" "\${commands[@]}"
        return
      fi
      case "$called" in
        ${nodesWithPath(nodes).join("|")}) _${name}_files "" "$current" ;;
      esac ;;
  esac
}
_${name}_offer() {
  local current=$1 word
  shift
  for word in "$@"; do
    if [[ $word == "$current"* ]]; then
      COMPREPLY+=("$word")
    fi
  done
}
_${name}_files() {
  local path
  while IFS= read -r path; do
    if [[ -n $path ]]; then
      COMPREPLY+=("$1$path")
    fi
  done <<< "$(compgen -f -- "$2")"
  compopt -o filenames 2>/dev/null || true # Bash 3 has no compopt.
}
complete -F _${name} ${namesOf(name).join(" ")}
`;
}

function zsh(name: string, nodes: readonly CommandNode[]): string {
  const entry = (word: string, summary: string): string =>
    quotedForShell(`${word.replaceAll(":", "\\:")}:${summary}`);
  const cases = nodes.map(({ path, children, values, options }) => {
    const commands = [...children.map((child) => entry(child.name, child.summary)), ...values];
    const all = options.flatMap(({ short, long, summary }) =>
      [long, short].flatMap((flag) => flag === undefined ? [] : [entry(flag, summary)])
    );
    return `    "${path}") commands=(${commands.join(" ")}) options=(${all.join(" ")}) ;;`;
  });
  const names = namesOf(name).join(" ");
  const withPath = flagsWithPath(nodes);
  return `#compdef ${names}
# Completions of ${name} for zsh. Load them with: source <(${name} completions zsh)
_${name}() {
  local called=${name} option= word
  local -a commands options
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if [[ -n "$option" ]]; then
      option=
      continue
    fi
${followWord(nodes)}
  done
  case "$called" in
${cases.join("\n")}
  esac
  case "$option" in
    ${withPath.join("|")}) _files; return ;;
    ?*) return ;;
  esac
  case "\${words[CURRENT]}" in
    ${withPath.map((flag) => `${flag}=*`).join("|")}) compset -P 1 '*='; _files; return ;;
    -*=*) return ;;
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then
    _describe -o option options
  elif (( \${#commands} )); then
    _describe command commands
  else
    case "$called" in
      ${nodesWithPath(nodes).join("|")}) _files ;;
    esac
  fi
}
if [[ "\${funcstack[1]}" == _${name} ]]; then _${name} "$@"; else compdef _${name} ${names}; fi
`;
}

function fish(name: string, nodes: readonly CommandNode[]): string {
  const rules = nodes.flatMap(({ path, children, values, options, arguments: args }) => {
    const when = `complete -c ${name} -n 'test (__${name}_called) = "${path}"'`;
    return [
      ...children.map((child) => `${when} -a ${child.name} -d ${quotedForFish(child.summary)}`),
      ...values.map((value) => `${when} -a ${value}`),
      ...options.map(({ short, long, value, summary }) => {
        const shortForm = short === undefined ? "" : ` -s ${short.slice(1)}`;
        const takes = value === undefined ? "" : value === "path" ? " -r -F" : " -x";
        return `${when} -l ${long.slice(2)}${shortForm}${takes} -d ${quotedForFish(summary)}`;
      }),
      ...(takesPath(args) ? [`${when} -F`] : []),
    ];
  });
  return `# Completions of ${name} for fish: ${name} completions fish | source
function __${name}_called
  set -l IFS \\n # Fish splits no output if it is empty.
  set -l called ${name}
  set -l option
  set -l words (commandline -opc)
  set -e words[1]
  for word in $words
    if test -n "$option"
      set option
      continue
    end
    switch $word
      case ${[...flagsWithPath(nodes), ...flagsWithValue(nodes)].join(" ")}
        set option $word
    end
    switch "$called $word"
      case ${pathsBelow(nodes).map((path) => `'${path}'`).join(" ")}
        set called "$called $word"
    end
  end
  echo $called
end
complete -c ${name} -f
${rules.join("\n")}
${namesOf(name).slice(1).map((other) => `complete -c ${other} -w ${name}`).join("\n")}
`;
}

function powershell(name: string, nodes: readonly CommandNode[]): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  const rows = nodes.map(({ path, children, values, options }) => {
    const words = [
      ...children.map((child) => [child.name, child.summary]),
      ...values.map((value) => [value, value]),
      ...options.flatMap(({ short, long, summary }) =>
        short === undefined ? [[long, summary]] : [[long, summary], [short, summary]]
      ),
    ];
    const list = words.map((row) => `@(${row.map(quote).join(", ")})`).join(", ");
    return `    ${quote(path)} = @(${list})`;
  });
  const withPath = flagsWithPath(nodes);
  return `# Completions of ${name} for PowerShell: ${name} completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${namesOf(name).join(", ")} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  if ($wordToComplete -match '^(${withPath.join("|")})=(.*)$') {
    $option = $Matches[1]
    foreach ($file in [System.Management.Automation.CompletionCompleters]::CompleteFilename($Matches[2])) {
      [System.Management.Automation.CompletionResult]::new("$option=$($file.CompletionText)", $file.ListItemText, 'ParameterValue', $file.ToolTip)
    }
    return
  }
  $table = @{
${rows.join("\n")}
  }
  $called = ${quote(name)}
  foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    $longer = "$called $($element.Extent.Text)"
    if ($table.ContainsKey($longer)) { $called = $longer }
  }
  foreach ($row in $table[$called]) {
    if ($row[0].StartsWith($wordToComplete) -and ($wordToComplete -or -not $row[0].StartsWith('-'))) {
      [System.Management.Automation.CompletionResult]::new($row[0], $row[0], 'ParameterValue', $row[1])
    }
  }
}
`;
}

/** The names under which the program may be installed. */
function namesOf(name: string): string[] {
  return [name, `${name}-cli`];
}

/** The paths of all commands except the program itself. */
function pathsBelow(nodes: readonly CommandNode[]): string[] {
  return nodes.slice(1).map(({ path }) => path);
}

/** For bash and zsh: notes the option that waits for its value, and the command called so far. */
function followWord(nodes: readonly CommandNode[]): string {
  return `    case "$word" in
      ${[...flagsWithPath(nodes), ...flagsWithValue(nodes)].join("|")}) option="$word" ;;
    esac
    case "$called $word" in
      ${pathsBelow(nodes).map((path) => `"${path}"`).join("|")}) called="$called $word" ;;
    esac`;
}

function flags(options: readonly OptionNode[]): string[] {
  return options.flatMap(({ short, long }) => short === undefined ? [long] : [long, short]);
}

/** The options whose value is a path. */
function flagsWithPath(nodes: readonly CommandNode[]): string[] {
  return distinctFlags(nodes, ({ value }) => value === "path");
}

/** The options whose value cannot be completed. */
function flagsWithValue(nodes: readonly CommandNode[]): string[] {
  return distinctFlags(nodes, ({ value }) => value !== undefined && value !== "path");
}

function distinctFlags(
  nodes: readonly CommandNode[],
  wanted: (option: OptionNode) => boolean,
): string[] {
  return [...new Set(nodes.flatMap(({ options }) => flags(options.filter(wanted))))];
}

/** The commands whose argument is a path, quoted. */
function nodesWithPath(nodes: readonly CommandNode[]): string[] {
  return nodes.filter((node) => takesPath(node.arguments)).map(({ path }) => `"${path}"`);
}

function takesPath(args: string): boolean {
  return /[<[](file|folder)/.test(args);
}

function quotedForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function quotedForFish(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
