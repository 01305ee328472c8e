import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { skip } from "../../../support/skip.ts";
import { TestHome } from "../../support/test_home.ts";
import { roomz } from "../../support/test_io.ts";

async function script(shell: string): Promise<string> {
  const { exitCode, stdout, stderr } = await roomz(["completions", shell]);
  assertEquals({ exitCode, stderr }, { exitCode: 0, stderr: "" });
  return stdout;
}

/** What a program says to `input`; undefined where it is not installed. */
async function run(
  program: string,
  args: readonly string[],
  input: string,
  cwd?: string,
): Promise<string | undefined> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args: [...args],
      ...(cwd === undefined ? {} : { cwd }),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { stdout, stderr } = await child.output();
  assertEquals(new TextDecoder().decode(stderr), "");
  return new TextDecoder().decode(stdout);
}

const installed = new Map<string, boolean>();
for (const program of ["bash", "zsh", "fish", "groff", "mandoc"]) {
  const args = program === "mandoc" ? [] : ["--version"];
  const present = await run(program, args, "") !== undefined;
  installed.set(program, present);
  if (!present) skip(`what roomz prints for ${program}`, "it is not installed here");
}
skip("what the completions for PowerShell offer", "no machine with it was at hand yet");

/** What each shell offers for a command line whose last word is being written, sorted. */
const asks: Readonly<Record<string, (line: readonly string[]) => string>> = {
  bash: (line) => {
    const words = line.map((word) => `'${word}'`).join(" ");
    return `COMP_WORDS=(${words}); COMP_CWORD=${line.length - 1}; _roomz; ` +
      'printf "%s\\n" "${COMPREPLY[@]}"\n';
  },
  fish: (line) => `complete -C '${line.join(" ")}' | string split -f1 \\t\n`,
  // `_describe` and `_files` are zsh's own: here they print what they were given.
  zsh: (line) => {
    const words = line.map((word) => `'${word}'`).join(" ");
    return `words=(${words}); CURRENT=${line.length}; _roomz\n`;
  },
};

const ZSH_STANDINS = `
compdef() { }
_describe() { [[ $1 == -o ]] && shift; print -rl -- "\${(@P)2%%:*}" | grep -- "^\${words[CURRENT]}"; }
_files() { print -rl -- *(N) }
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
];
for (const shell of ["bash", "zsh", "fish"].filter((shell) => installed.get(shell))) {
  Deno.test(`${shell} offers commands, options and files where they fit`, async () => {
    await using home = await TestHome.make({ "my bot.ts": "" });
    const begin = (shell === "zsh" ? ZSH_STANDINS : "") + await script(shell);
    for (const [line, offered] of lines) {
      const program = `${begin}\n${asks[shell]?.(line)}`;
      const said = await run(shell, [], program, home.path) ?? "";
      const words = said.split("\n").filter((word) => word !== "").sort();
      assertEquals(words, offered, line.join(" "));
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
  Deno.test(`the completions for ${shell} serve the name roomz-cli as well`, async () => {
    assertMatch(await script(shell), binding);
  });
}

for (const shell of ["bash", "zsh", "fish", "powershell"]) {
  Deno.test(`the completions for ${shell} know every command and option of the help`, async () => {
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

Deno.test("a shell that is not known is a usage error that names the known ones", async () => {
  const { exitCode, stdout, stderr } = await roomz(["completions", "tcsh"]);
  assertEquals({ exitCode, stdout }, { exitCode: 2, stdout: "" });
  assertStringIncludes(stderr, "Choose bash, zsh, fish, powershell");
});

Deno.test("the manual page has every command, exit code and variable, and no line of it is an accident", async () => {
  const { exitCode, stdout } = await roomz(["man"]);
  assertEquals(exitCode, 0);
  for (
    const what of [
      ".SS roomz bot compile",
      ".SS roomz config\n",
      ".B 130",
      ".B ROOMZ_TOKEN",
      "\\-\\-wait\\-reply",
    ]
  ) {
    assertStringIncludes(stdout, what);
  }
  const requests = stdout.split("\n").filter((line) => /^[.']/.test(line))
    .filter((line) => !/^\.(TH|SH|SS|TP|B|PP|nf|fi)\b/.test(line));
  assertEquals(requests, []);
});

if (installed.get("groff")) {
  Deno.test("groff reads the manual page without a warning", async () => {
    const { stdout } = await roomz(["man"]);
    const page = await run("groff", ["-man", "-Tutf8", "-ww"], stdout) ?? "";
    assert(page.includes("Send a message (- reads it from stdin)."));
  });
}

if (installed.get("mandoc")) {
  Deno.test("mandoc finds nothing wrong with the manual page", async () => {
    const { stdout } = await roomz(["man"]);
    assertEquals(await run("mandoc", ["-Tlint"], stdout), "");
  });
}
