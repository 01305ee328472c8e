import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { skip } from "../../../support/skip.ts";
import { outputOf } from "../../support/output_of.ts";
import { TestHome } from "../../support/test_home.ts";
import { roomz } from "../../support/test_io.ts";

async function script(shell: string): Promise<string> {
  const { exitCode, stdout, stderr } = await roomz(["completions", shell]);
  assertEquals({ exitCode, stderr }, { exitCode: 0, stderr: "" });
  return stdout;
}

const installed = new Map<string, boolean>();
for (const shell of ["bash", "zsh", "fish"]) {
  const present = await outputOf(shell, ["--version"], "") !== undefined;
  installed.set(shell, present);
  if (!present) skip(`the completions for ${shell}`, "it is not installed here");
}
skip("the completions for PowerShell", "no machine with it was available yet");

/** For each shell, code that prints the completions of the last word of a command line. */
const asks: Readonly<Record<string, (line: readonly string[]) => string>> = {
  bash: (line) => {
    const words = line.map((word) => `'${word}'`).join(" ");
    return `COMP_WORDS=(${words}); COMP_CWORD=${line.length - 1}; _roomz; ` +
      'printf "%s\\n" "${COMPREPLY[@]}"\n';
  },
  fish: (line) => `complete -C '${line.join(" ")}' | string split -f1 \\t\n`,
  // Replace zsh's own `_describe` and `_files` with functions that print their arguments.
  zsh: (line) => {
    const words = line.map((word) => `'${word}'`).join(" ");
    return `words=(${words}); CURRENT=${line.length}; _roomz\n`;
  },
};

const ZSH_STANDINS = `
compdef() { }
_describe() { [[ $1 == -o ]] && shift; print -rl -- "\${(@P)2%%:*}" | grep -- "^\${words[CURRENT]}"; }
compset() { words[CURRENT]="\${words[CURRENT]#*=}" }
_files() { print -rl -- "\${words[CURRENT]}"*(N) }
`;

const lines: readonly [line: string[], offered: string[]][] = [
  [["roomz", "lo"], ["login", "logout"]],
  [["roomz", "bot", "c"], ["check", "compile"]],
  [["roomz", "-s", "http://x", "tail", "--co"], ["--count"]],
  [["roomz", "tail", "--count", ""], []],
  [["roomz", "send", "bot", "--wa"], ["--wait-reply"]],
  [["roomz", "completions", ""], ["bash", "fish", "powershell", "zsh"]],
  [["roomz", "bot", "run", ""], ["my bot.ts"]],
  [["roomz", "bot", "compile", "my bot.ts", "--output", ""], ["my bot.ts"]],
  [["roomz", "-s", "chat", "tail", "--co"], ["--count"]],
  [["roomz", "serve", "--email", "tail", "--al"], ["--allow-all"]],
  [["roomz", "tail", "--count=", ""], []],
  [["roomz", "tail", "--count=1"], []],
];
for (const shell of ["bash", "zsh", "fish"].filter((shell) => installed.get(shell))) {
  Deno.test(`${shell} completes commands, options and files where they fit`, async () => {
    await using home = await TestHome.make({ "my bot.ts": "" });
    const setup = (shell === "zsh" ? ZSH_STANDINS : "") + await script(shell);
    for (const [line, offered] of lines) {
      const program = `${setup}\n${asks[shell]?.(line)}`;
      const said = await outputOf(shell, [], program, home.path) ?? "";
      const words = said.split("\n").filter((word) => word !== "").sort();
      assertEquals(words, offered, line.join(" "));
    }
  });
}

/** What the caller may have set, and what it must not change. */
const settings: Readonly<Record<string, readonly string[]>> = {
  bash: [
    "IFS=:",
    "IFS=",
    "unset IFS",
    "IFS=-ot",
    "IFS=$'\\n'",
    "set -f",
    "set -eu",
    "set -o posix",
    "shopt -s nullglob dotglob",
    "shopt -s failglob",
    "shopt -s extglob nocasematch nocaseglob",
  ],
  zsh: [
    "IFS=:",
    "IFS=",
    "IFS=-ot",
    "setopt sh_word_split glob_subst",
    "setopt null_glob",
    "setopt csh_null_glob no_nomatch",
  ],
  fish: [
    "set -g IFS ''",
    "set -g IFS :",
    "set -g IFS -",
    "set -e IFS",
    "set -g IFS o",
    "set -g IFS ' '",
  ],
};
for (const [shell, setups] of Object.entries(settings)) {
  if (!installed.get(shell)) continue;
  for (const setting of setups) {
    Deno.test(`${shell} completes the same after ${setting}`, async () => {
      await using home = await TestHome.make({ "my bot.ts": "" });
      const setup = (shell === "zsh" ? ZSH_STANDINS : "") + await script(shell);
      for (const [line, offered] of lines) {
        const ask = asks[shell]?.(line) ?? "";
        // What shows the result depends on the settings, and the completion must not change them.
        const shown = ask.replace("; printf", "; set +eu; shopt -u failglob; printf");
        const program = `${setup}\n${setting}\n${shown}`;
        const said = await outputOf(shell, [], program, home.path) ?? "";
        const words = said.split("\n").filter((word) => word !== "").sort();
        assertEquals(words, offered, line.join(" "));
      }
    });
  }
}

const paths: readonly [typed: string, offered: string[]][] = [
  ["", ["*.ts", "[m]y bot.ts", "a  b.ts", "my bot.ts", "sub", "~.ts"]],
  ["my", ["my bot.ts"]],
  ["a ", ["a  b.ts"]],
  ["[", ["[m]y bot.ts"]],
  ["*", ["*.ts"]],
  ["sub/", ["sub/in ner.ts"]],
  ["absent", []],
];
if (installed.get("bash")) {
  for (const [typed, offered] of paths) {
    Deno.test(`bash completes the path "${typed}" after --output, however the line is split`, async () => {
      await using home = await TestHome.make({
        "my bot.ts": "",
        "[m]y bot.ts": "",
        "*.ts": "",
        "a  b.ts": "",
        "~.ts": "",
        "sub/in ner.ts": "",
      });
      const start = ["roomz", "bot", "compile", "my bot.ts"];
      const splits: readonly [line: string[], prefix: string][] = [
        [[...start, "--output", typed], ""],
        [[...start, "-o", typed], ""],
        [[...start, "--output", ...typed === "" ? ["="] : ["=", typed]], ""],
        [[...start, `--output=${typed}`], "--output="],
      ];
      for (const [line, prefix] of splits) {
        const program = `${await script("bash")}\n${asks["bash"]?.(line)}`;
        const said = await outputOf("bash", [], program, home.path) ?? "";
        const words = said.split("\n").filter((word) => word !== "").sort();
        assertEquals(words, offered.map((path) => prefix + path), line.join(" "));
      }
    });
  }
}

for (const [shell, offered] of [["fish", "--output=my bot.ts"], ["zsh", "my bot.ts"]] as const) {
  if (!installed.get(shell)) continue;
  Deno.test(`${shell} completes the path after --output=`, async () => {
    await using home = await TestHome.make({ "my bot.ts": "" });
    const setup = (shell === "zsh" ? ZSH_STANDINS : "") + await script(shell);
    for (const typed of ["", "m", "my"]) {
      const ask = asks[shell]?.(["roomz", "bot", "compile", "bot.ts", `--output=${typed}`]);
      assertEquals(await outputOf(shell, [], `${setup}\n${ask}`, home.path), `${offered}\n`);
    }
  });
}

const bindings: Readonly<Record<string, RegExp>> = {
  bash: /^complete -F _roomz roomz roomz-cli$/m,
  zsh: /^#compdef roomz roomz-cli\n(.|\n)*compdef _roomz roomz roomz-cli; fi$/m,
  fish: /^complete -c roomz-cli -w roomz$/m,
  powershell: /-CommandName roomz, roomz-cli /,
};
for (const [shell, binding] of Object.entries(bindings)) {
  Deno.test(`the completions for ${shell} also work for the name roomz-cli`, async () => {
    assertMatch(await script(shell), binding);
  });
}

for (const shell of ["bash", "zsh", "fish", "powershell"]) {
  Deno.test(`the completions for ${shell} have every command and option of the help`, async () => {
    const text = await script(shell);
    for (const command of ["send", "doctor", "bot", "compile", "completions"]) {
      assertMatch(text, new RegExp(`\\b${command}\\b`));
      const { stdout } = await roomz([...command === "compile" ? ["bot"] : [], command, "--help"]);
      for (const [, option = ""] of stdout.matchAll(/--([\w-]+)/g)) {
        if (command === "bot" || option === "allow-read" || option === "version") continue;
        assertMatch(text, new RegExp(`${shell === "fish" ? "-l " : "--"}${option}\\b`));
      }
    }
  });
}

Deno.test("an unknown shell is a usage error that lists the supported ones", async () => {
  const { exitCode, stdout, stderr } = await roomz(["completions", "tcsh"]);
  assertEquals({ exitCode, stdout }, { exitCode: 2, stdout: "" });
  assertStringIncludes(stderr, "Choose one of: bash, zsh, fish, powershell");
});
