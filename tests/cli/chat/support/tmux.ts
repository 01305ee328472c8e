/**
 * `roomz chat` in a terminal that a test types into and looks at: tmux.
 * @module
 */
import { AssertionError } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { bareEnvironment } from "../../support/bare_environment.ts";
import { denoConfig } from "../../support/deno_config.ts";

const root = new URL("../../../../", import.meta.url);

/** Longer than anything takes, also on a machine that does much else. */
const PATIENCE = 30_000;
const LOOK_EVERY = 20;

/** Whether these tests can run here. */
export const hasTmux: boolean = await canRun();

/** Runs a command between two looks at the terminal's modes. */
const SCRIPT = `cd "$XDG_STATE_HOME"; read go; stty -a > modes_before; "$@"; code=$?
stty -a > modes_after; echo $code > exit_code`;

/** What the chat connects to. */
export interface TmuxServer {
  readonly url: string;
  readonly session: string;
}

/** What a test may choose. */
export interface TmuxOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** The state folder; by default a fresh one. */
  readonly state?: string;
  readonly args?: readonly string[];
  /** What runs in the place of cli/main.ts. */
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
    const { columns = 80, rows = 16, args = [], env = {} } = options;
    const main = options.main ?? new URL("cli/main.ts", root);
    const state = options.state ?? await Deno.makeTempDir();
    const chat = new TmuxChat(`roomz-${crypto.randomUUID()}`, state);
    const variables = {
      XDG_STATE_HOME: state,
      HOME: state,
      ROOMZ_SERVER_URL: server.url,
      ROOMZ_TOKEN: server.session,
      LC_ALL: "C.UTF-8",
      ...env,
    };
    await chat.#tmux([
      ...[
        "-f",
        "/dev/null",
        "start-server",
        ";",
        "set-option",
        "-g",
        "history-limit",
        "50000",
        ";",
      ],
      ...["new-session", "-d", "-x", `${columns}`, "-y", `${rows}`],
      ...Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
      // The chat starts when all that it writes is recorded. tmux loses exit codes now and then.
      ...["sh", "-c", SCRIPT, "sh"],
      // tmux gives every program a TERM of its own.
      ...(env["TERM"] === undefined ? [] : ["env", `TERM=${env["TERM"]}`]),
      ...[Deno.execPath(), "run", "--quiet", "-A", "--unstable-kv", "--no-lock"],
      ...[`--config=${denoConfig}`, fromFileUrl(main), "chat", ...args],
    ]);
    await chat.#tmux(["set-option", "-g", "remain-on-exit", "on"]);
    await chat.#tmux(["pipe-pane", "-o", `cat > ${state}/written`]);
    await chat.#tmux(["send-keys", "Enter"]);
    return chat;
  }

  /** Presses keys, by the names that tmux has for them. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux(["send-keys", ...keys]);
  }

  /** Types text. */
  async type(text: string): Promise<void> {
    await this.#tmux(["send-keys", "-l", "--", text]);
  }

  /** Pastes text, as from the clipboard. */
  async paste(text: string): Promise<void> {
    const file = await Deno.makeTempFile();
    await Deno.writeTextFile(file, text);
    await this.#tmux(["load-buffer", file]);
    await this.#tmux(["paste-buffer", "-p"]);
    await Deno.remove(file);
  }

  /** Gives the terminal another size. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux(["resize-window", "-x", `${columns}`, "-y", `${rows}`]);
  }

  /** Gives it one size after the other, faster than the chat is told of them. */
  async resizeQuickly(sizes: readonly (readonly [columns: number, rows: number])[]): Promise<void> {
    await this.#tmux(sizes.flatMap(([columns, rows]) => [
      ...["resize-window", "-x", `${columns}`, "-y", `${rows}`, ";"],
      ...["run-shell", "sleep 0.01", ";"],
    ]));
  }

  /** Sends the chat's process a signal. */
  async signal(signal: Deno.Signal): Promise<void> {
    const shell = await this.#ask("#{pane_pid}");
    const { stdout } = await new Deno.Command("pgrep", { args: ["-P", shell] }).output();
    Deno.kill(Number(new TextDecoder().decode(stdout)), signal);
  }

  /** The rows on the screen, without white space at their ends and empty ones at the bottom. */
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
   * What of the terminal is not as it was before the chat began: the modes of its line (echo, signals,
   * line by line), of its screen (a cursor, broken lines), of paste and focus.
   */
  async notRestored(): Promise<string[]> {
    const [before, after] = await Promise.all(
      ["before", "after"].map((when) => Deno.readTextFile(`${this.state}/modes_${when}`)),
    );
    // tmux does not tell them of a program that has ended: the last word on each counts.
    const written = await this.written();
    const isOn = (mode: string): boolean =>
      written.lastIndexOf(`\x1b[?${mode}h`) > written.lastIndexOf(`\x1b[?${mode}l`);
    return [
      ...(before === after ? [] : [`stty: ${after}`]),
      ...["25", "7"].filter((mode) => !isOn(mode)),
      ...["2004", "1004", "2026"].filter(isOn),
    ];
  }

  /** Where the cursor is. */
  async cursor(): Promise<{ column: number; row: number }> {
    const [column, row] = (await this.#ask("#{cursor_x} #{cursor_y}")).split(" ").map(Number);
    return { column: column ?? -1, row: row ?? -1 };
  }

  /** Looks until the cursor is in a column. */
  async untilCursor(column: number): Promise<void> {
    const read = async (): Promise<string> => `${(await this.cursor()).column}`;
    await this.#look(read, (text) => text === `${column}`, `The cursor in column ${column}`);
  }

  /** All that the chat has written to the terminal, escape sequences included. */
  written(): Promise<string> {
    return Deno.readTextFile(`${this.state}/written`);
  }

  /** Looks until the screen matches; a failure, with the screen, when that takes too long. */
  async until(expected: RegExp | ((screen: string) => boolean)): Promise<string> {
    return await this.#look(() => this.screen(), test(expected), `${expected}`);
  }

  /** Looks until the scrollback with the screen matches. */
  async untilAnywhere(expected: RegExp | ((text: string) => boolean)): Promise<string> {
    return await this.#look(() => this.everything(), test(expected), `${expected}`);
  }

  /** The exit code, once the chat has ended. */
  async exitCode(): Promise<number> {
    const file = `${this.state}/exit_code`;
    const read = (): Promise<string> => Deno.readTextFile(file).catch(() => "");
    return Number(await this.#look(read, (text) => text.endsWith("\n"), "the end of the chat"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux(["kill-server"]);
    await Deno.remove(this.state, { recursive: true }).catch(() => {});
  }

  async #look(
    read: () => Promise<string>,
    fits: (text: string) => boolean,
    expected: string,
  ): Promise<string> {
    const end = performance.now() + PATIENCE;
    for (;;) {
      const text = await read();
      if (fits(text)) return text;
      if (performance.now() > end) {
        throw new AssertionError(`${expected} did not come. What is there:\n${text}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
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

async function canRun(): Promise<boolean> {
  try {
    return (await new Deno.Command("tmux", { args: ["-V"] }).output()).success;
  } catch {
    return false;
  }
}

function trimmed(text: string): string {
  return text.split("\n").map((row) => row.trimEnd()).join("\n").trimEnd();
}
