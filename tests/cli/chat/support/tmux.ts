/**
 * Runs `roomz chat` in tmux, which a test types into and reads the screen of.
 * @module
 */
import { AssertionError } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { bareEnvironment } from "../../support/bare_environment.ts";
import { denoConfig } from "../../support/deno_config.ts";

const root = new URL("../../../../", import.meta.url);

/** Longer than anything takes, even on a busy machine; milliseconds. */
const TIMEOUT = 30_000;
/** A look at the screen is a process: the first comes soon, those after it are ever further apart; milliseconds. */
const FIRST_INTERVAL = 10;
const LAST_INTERVAL = 100;

/** tmux passes output on with a delay: it may arrive this long after the exit code; milliseconds. */
const OUTPUT_DELAY = 2_000;

/** Enter as a key report: unlike a newline, it is Enter even with more behind it in the same read. */
export const ENTER = "\x1b[13u";

/** Whether these tests can run here. */
export const hasTmux: boolean = canRun("tmux", "-V");

const INTERACTIVE_SHELLS = {
  sh: "sh -i",
  bash: "bash --norc --noprofile -i",
  dash: "dash -i",
  zsh: "zsh -i",
} as const;

export type Shell = keyof typeof INTERACTIVE_SHELLS;

export const SHELLS: readonly Shell[] = ["sh", "bash", "dash", "zsh"];

/** Runs a command and records the terminal's modes before and after it. */
const SCRIPT = `cd "$XDG_STATE_HOME"; read go; stty -a > modes_before; "$@"; code=$?
stty -a > modes_after; echo $code > exit_code`;

/** The prompt of an interactive shell. */
const PROMPT = "shell> ";

/** Runs an interactive shell instead, which starts the chat with job control. */
const INTERACTIVE =
  `cd "$XDG_STATE_HOME"; read go; stty -a > modes_before; exec $INTERACTIVE_SHELL`;

/** How many commands a test has given to a shell. */
let commands = 0;

export interface TmuxServer {
  readonly url: string;
  readonly session: string;
}

export interface TmuxOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** The state folder; a fresh one by default. */
  readonly state?: string;
  readonly args?: readonly string[];
  /** An interactive shell, in which this line starts the chat; `./command` is `roomz`. */
  readonly from?: { readonly shell: Shell; readonly start?: string };
  /** What the command may do; everything by default. */
  readonly permissions?: readonly string[];
  /** Runs instead of cli/main.ts. */
  readonly main?: URL;
  readonly env?: Readonly<Record<string, string>>;
}

/** A chat in a terminal. */
export class TmuxChat implements AsyncDisposable {
  /** The state folder. */
  readonly state: string;
  readonly #socket: string;

  private constructor(socket: string, state: string) {
    this.#socket = socket;
    this.state = state;
  }

  /** Starts `roomz chat` with a session on `server`. */
  static async start(server: TmuxServer, options: TmuxOptions = {}): Promise<TmuxChat> {
    const { columns = 80, rows = 16, args = [], env = {}, from, permissions = ["-A"] } = options;
    const main = options.main ?? new URL("cli/main.ts", root);
    const state = options.state ?? await Deno.makeTempDir();
    const chat = new TmuxChat(`roomz-${crypto.randomUUID()}`, state);
    const variables = {
      XDG_STATE_HOME: state,
      HOME: state,
      ROOMZ_SERVER_URL: server.url,
      ROOMZ_TOKEN: server.session,
      ROOMZ_DISPLAY_NAME: "",
      LC_ALL: "C.UTF-8",
      ...(from === undefined ? {} : {
        PS1: PROMPT,
        INTERACTIVE_SHELL: INTERACTIVE_SHELLS[from.shell],
        INPUTRC: `${state}/inputrc`,
        HISTFILE: "",
      }),
      ...env,
    };
    const roomz = [
      ...[Deno.execPath(), "run", "--quiet", ...permissions, "--unstable-kv", "--no-lock"],
      ...[`--config=${denoConfig}`, fromFileUrl(main)],
    ];
    if (from !== undefined) {
      // What bash and zsh change on the terminal itself would look like the chat's.
      await Deno.writeTextFile(`${state}/inputrc`, "set enable-bracketed-paste off\n");
      await Deno.writeTextFile(`${state}/.zshrc`, `unset zle_bracketed_paste\nPS1='${PROMPT}'\n`);
      const script = `#!/bin/sh\nexec ${roomz.map((word) => `'${word}'`).join(" ")} "$@"\n`;
      await Deno.writeTextFile(`${state}/command`, script, { mode: 0o700 });
    }
    await chat.#tmux([
      ...["-f", "/dev/null", "start-server", ";"],
      ...["set-option", "-g", "history-limit", "50000", ";"],
      ...["set-option", "-g", "remain-on-exit", "on", ";"],
      ...["new-session", "-d", "-x", `${columns}`, "-y", `${rows}`],
      ...Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
      // Start the chat only once its output is recorded. tmux sometimes loses exit codes.
      ...["sh", "-c", from === undefined ? SCRIPT : INTERACTIVE, "sh"],
      // tmux sets TERM itself.
      ...(env["TERM"] === undefined ? [] : ["env", `TERM=${env["TERM"]}`]),
      ...roomz,
      ...["chat", ...args],
      ...[";", "pipe-pane", "-o", `cat > ${state}/written`],
      ...[";", "send-keys", "Enter"],
    ]);
    if (from !== undefined) {
      await chat.untilShell();
      await chat.type(`${from.start ?? "./command chat"}\r`);
    }
    return chat;
  }

  /** Waits for the prompt of the interactive shell. */
  async untilShell(): Promise<string> {
    return await this.until((screen) =>
      screen.endsWith(`\n${PROMPT}`.trimEnd()) || screen === PROMPT.trim()
    );
  }

  /** Runs a command in the interactive shell, which must be waiting for one. @returns Its output. */
  async inShell(command: string): Promise<string> {
    const file = `answer_${++commands}`;
    await this.untilShell();
    await this.type(`{ ${command}; } > ${file}_ 2>&1; mv ${file}_ ${file}\r`);
    const read = (): Promise<string | undefined> =>
      Deno.readTextFile(`${this.state}/${file}`).catch(() => undefined);
    await this.#poll(
      async () => `${await read() !== undefined}`,
      (text) => text === "true",
      command,
    );
    return await read() ?? "";
  }

  /** Presses keys, by their tmux names. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux(["send-keys", ...keys]);
  }

  async type(text: string): Promise<void> {
    await this.#tmux(["send-keys", "-l", "--", text]);
  }

  /** Pastes text, as from the clipboard. Some terminals do not mark pastes as such. */
  async paste(text: string, mark: "marked" | "unmarked" = "marked"): Promise<void> {
    const file = await Deno.makeTempFile();
    await Deno.writeTextFile(file, text);
    await this.#tmux(["load-buffer", file]);
    await this.#tmux(["paste-buffer", ...(mark === "marked" ? ["-p"] : [])]);
    await Deno.remove(file);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux(["resize-window", "-x", `${columns}`, "-y", `${rows}`]);
  }

  /** Resizes the terminal several times, faster than the chat is notified. */
  async resizeQuickly(sizes: readonly (readonly [columns: number, rows: number])[]): Promise<void> {
    await this.#tmux(sizes.flatMap(([columns, rows]) => [
      ...["resize-window", "-x", `${columns}`, "-y", `${rows}`, ";"],
      ...["run-shell", "sleep 0.01", ";"],
    ]));
  }

  /** Sends a signal to the chat's process. */
  async signal(signal: Deno.Signal): Promise<void> {
    const shell = await this.#ask("#{pane_pid}");
    const { stdout } = await new Deno.Command("pgrep", { args: ["-P", shell] }).output();
    Deno.kill(Number(new TextDecoder().decode(stdout)), signal);
  }

  /** The rows on the screen, without trailing white space and empty rows. */
  async screen(): Promise<string> {
    return trimmed(await this.#tmux(["capture-pane", "-p"]));
  }

  /** The rows on the screen, with their styles as escape sequences. */
  async colours(): Promise<string[]> {
    return (await this.#tmux(["capture-pane", "-e", "-p"])).trimEnd().split("\n");
  }

  /** The rows of the scrollback and the screen. */
  async everything(): Promise<string> {
    return trimmed(await this.#tmux(["capture-pane", "-p", "-S", "-"]));
  }

  /**
   * The terminal settings that the chat did not restore: line discipline (echo, signals, canonical
   * mode), screen (cursor, wrapping), paste and focus.
   */
  async notRestored(): Promise<string[]> {
    const end = performance.now() + OUTPUT_DELAY;
    for (;;) {
      const settings = await this.#changedSettings();
      if (settings.length === 0 || performance.now() > end) return settings;
      await new Promise((resolve) => setTimeout(resolve, LAST_INTERVAL));
    }
  }

  async #changedSettings(): Promise<string[]> {
    const [before, after] = await Promise.all(
      ["before", "after"].map((when) => Deno.readTextFile(`${this.state}/modes_${when}`)),
    );
    // tmux does not report the modes after a program has ended: its last sequence for each counts.
    const written = await this.written();
    const last = (mode: string): number => written.lastIndexOf(`\x1b[?${mode}`);
    return [
      ...(before === after ? [] : [`stty: ${after}`]),
      ...["25l", "7l"].filter((off) => last(off) > last(off.replace("l", "h"))),
      ...["2004h", "1004h", "2026h"].filter((on) => last(on) > last(on.replace("h", "l"))),
    ];
  }

  async cursor(): Promise<{ column: number; row: number }> {
    const [column, row] = (await this.#ask("#{cursor_x} #{cursor_y}")).split(" ").map(Number);
    return { column: column ?? -1, row: row ?? -1 };
  }

  /** Waits until the cursor is in a column. */
  async untilCursor(column: number): Promise<void> {
    const read = async (): Promise<string> => `${(await this.cursor()).column}`;
    await this.#poll(read, (text) => text === `${column}`, `The cursor in column ${column}`);
  }

  /** Everything that the chat wrote to the terminal, including escape sequences. */
  written(): Promise<string> {
    return Deno.readTextFile(`${this.state}/written`);
  }

  /** Waits until the screen matches. @throws {AssertionError} It did not in time. */
  async until(expected: RegExp | ((screen: string) => boolean)): Promise<string> {
    return await this.#poll(() => this.screen(), test(expected), `${expected}`);
  }

  /** Waits until the scrollback with the screen matches. */
  async untilAnywhere(expected: RegExp | ((text: string) => boolean)): Promise<string> {
    return await this.#poll(() => this.everything(), test(expected), `${expected}`);
  }

  /** Waits until the chat has written what matches, even if it has been drawn over since. */
  async untilWritten(expected: RegExp): Promise<string> {
    return await this.#poll(() => this.written(), test(expected), `${expected} to be written`);
  }

  /** Waits for the chat to end. @returns Its exit code. */
  async exitCode(): Promise<number> {
    const file = `${this.state}/exit_code`;
    const read = (): Promise<string> => Deno.readTextFile(file).catch(() => "");
    return Number(await this.#poll(read, (text) => text.endsWith("\n"), "the end of the chat"));
  }

  /** Waits until a process has ended. */
  async untilEnded(id: number): Promise<void> {
    const read = (): Promise<string> => Promise.resolve(`${canRun("ps", "-p", `${id}`)}`);
    await this.#poll(read, (text) => text === "false", `the end of process ${id}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux(["kill-server"]);
    await Deno.remove(this.state, { recursive: true }).catch(() => {});
  }

  async #poll(
    read: () => Promise<string>,
    matches: (text: string) => boolean,
    expected: string,
  ): Promise<string> {
    const end = performance.now() + TIMEOUT;
    for (let interval = FIRST_INTERVAL;; interval = Math.min(interval * 1.5, LAST_INTERVAL)) {
      const text = await read();
      if (matches(text)) return text;
      if (performance.now() > end) {
        throw new AssertionError(`Timed out waiting for ${expected}. Instead:\n${text}`);
      }
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
  }

  async #ask(format: string): Promise<string> {
    return (await this.#tmux(["display-message", "-p", format])).trim();
  }

  async #tmux(args: readonly string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-u", "-L", this.#socket, ...args],
      clearEnv: true,
      env: { ...bareEnvironment, SHELL: "/bin/sh" },
    }).output();
    if (!success) throw new Error(`tmux ${args[0]}: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  }
}

function test(expected: RegExp | ((text: string) => boolean)): (text: string) => boolean {
  return expected instanceof RegExp ? (text) => expected.test(text) : expected;
}

/** Whether a program is installed. */
export function canRun(program: string, ...args: readonly string[]): boolean {
  try {
    return new Deno.Command(program, { args: [...args] }).outputSync().success;
  } catch {
    return false;
  }
}

function trimmed(text: string): string {
  return text.split("\n").map((row) => row.trimEnd()).join("\n").trimEnd();
}
