/**
 * Asks you in the room before a coding agent uses a tool, so that you can answer from your phone: a
 * PreToolUse hook for Claude Code, in `~/.claude/settings.json`:
 *
 * ```json
 * { "hooks": { "PreToolUse": [{ "matcher": "Bash|Write|Edit", "hooks": [{
 *   "type": "command",
 *   "command": "deno run --no-prompt --allow-run=roomz ~/.claude/approval_hook.ts --from phone",
 *   "timeout": 360
 * }] }] } }
 * ```
 *
 * Log in first: `roomz login`. The arguments go to `roomz ask`. `--from` is a filter, not security: an
 * agent that can send to the room (`roomz mcp`, or a `roomz` command that was allowed) can answer its
 * own question. Keep this file where the agent cannot change it.
 *
 * Only a "yes" allows the tool. When nobody answers or the room cannot be reached, the agent's own
 * prompt decides; in modes without that prompt, the tool is denied. A call that cannot be read is denied.
 * @module
 */

/** How long to wait for an answer. The hook's `timeout` must be longer, because it then counts as absent. */
const TIMEOUT = 5 * 60_000;
/** For starting, connecting and withdrawing the question. */
const GRACE = 20_000;
/** What a question shows of a call, as the server counts characters: it escapes quotes and `& < >`. */
const SHOWN = 600;

/** The modes in which Claude Code asks the person at its terminal. */
const MODES_WITH_PROMPT = ["default", "acceptEdits", "plan"];

/** A call of a tool, as Claude Code writes it to stdin; only what the hook uses. */
interface Call {
  readonly tool: string;
  readonly input: unknown;
  readonly folder: string;
  readonly mode: string;
}

/** What Claude Code reads from stdout. */
interface Decision {
  readonly hookSpecificOutput: {
    readonly hookEventName: "PreToolUse";
    readonly permissionDecision: "allow" | "deny" | "ask";
    readonly permissionDecisionReason: string;
  };
}

/** Reads the call. @throws {Error} It is not a PreToolUse event. */
export function parseCall(text: string): Call {
  const event: unknown = JSON.parse(text);
  if (!isObject(event) || event.hook_event_name !== "PreToolUse") {
    throw new Error("stdin has no PreToolUse event");
  }
  const { tool_name: tool, tool_input: input, cwd = "", permission_mode: mode = "" } = event;
  if (typeof tool !== "string" || typeof cwd !== "string" || typeof mode !== "string") {
    throw new Error("the PreToolUse event has no tool_name, or a cwd or mode that is not a text");
  }
  return { tool, input, folder: cwd.split(/[/\\]/).findLast((name) => name !== "") ?? "", mode };
}

/**
 * The question. The agent chose the texts in it, perhaps as a web page told it to: they are quoted on
 * one line, without characters that move or hide others, and both ends of a long one are shown.
 */
export function questionFor({ tool, input, folder }: Call): string {
  const name = shortened(visible(tool), 80);
  const where = folder === "" ? "" : ` in ${shortened(visible(JSON.stringify(folder)), 80)}`;
  const what = shortened(visible(JSON.stringify(input) ?? "nothing"), SHOWN);
  return `Claude Code${where} wants to use ${name}: ${what} Allow it?`;
}

/** Replaces what JSON leaves in a text and a screen does not draw as it is: `\u{202e}`. */
function visible(text: string): string {
  return text.toWellFormed().replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{fffd}\u{115f}\u{1160}\u{3164}\u{ffa0}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

/** The start and the end of a text, and how much is left out between them, if it is too long. */
function shortened(text: string, limit: number): string {
  const characters = Array.from(text);
  if (fitting(characters, limit) === characters.length) return text;
  const start = fitting(characters, limit * 2 / 3);
  const end = characters.length - fitting(characters.toReversed(), limit / 3);
  const [first, last] = [characters.slice(0, start), characters.slice(end)];
  return `${first.join("")} …(${end - start} characters)… ${last.join("")}`;
}

/** How many of the first characters fit, as the server counts them. */
function fitting(characters: readonly string[], limit: number): number {
  let length = 0;
  const first = characters.findIndex((character) => {
    length += /["'&<>]/.test(character) ? 6 : 1;
    return length > limit;
  });
  return first === -1 ? characters.length : first;
}

/** The answer to a question: "yes", "no", or why there is none. */
type Answer = { readonly answer: string; readonly device: string } | { readonly missing: string };

/** Asks with `roomz ask`. The question goes through stdin: arguments are visible to other users. */
async function askRoom(question: string, args: readonly string[]): Promise<Answer> {
  const limit = `${TIMEOUT / 1000}s`;
  try {
    const child = new Deno.Command("roomz", {
      args: ["ask", "-", "--choices", "yes,no", "--timeout", limit, "--json", ...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(TIMEOUT + GRACE),
    }).spawn();
    // When Claude Code ends the hook, the question is withdrawn.
    Deno.addSignalListener("SIGTERM", () => child.kill());
    const stdin = child.stdin.getWriter();
    // It may end before it has read the question; its output says why.
    await stdin.write(new TextEncoder().encode(question)).then(() => stdin.close()).catch(() => {});
    const { success, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    if (!success) return { missing: decoder.decode(stderr).trim() || "roomz ask failed" };
    const result: unknown = JSON.parse(decoder.decode(stdout));
    if (!isObject(result) || result.source !== "answer") return { missing: "nobody answered" };
    return { answer: String(result.answer), device: String(result.device ?? "someone") };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** What to tell Claude Code. */
export function decide({ mode }: Call, result: Answer): Decision {
  if ("answer" in result && result.answer === "yes") {
    return decision("allow", `Allowed in the room by ${shortened(visible(result.device), 60)}.`);
  }
  if ("answer" in result) {
    return decision("deny", `Denied in the room by ${shortened(visible(result.device), 60)}.`);
  }
  const missing = result.missing.replace(/\s+/g, " ");
  const reason = `No answer from the room: ${shortened(visible(missing), 300)}`;
  return decision(MODES_WITH_PROMPT.includes(mode) ? "ask" : "deny", reason);
}

function decision(
  permissionDecision: Decision["hookSpecificOutput"]["permissionDecision"],
  permissionDecisionReason: string,
): Decision {
  const hookEventName = "PreToolUse";
  return { hookSpecificOutput: { hookEventName, permissionDecision, permissionDecisionReason } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

if (import.meta.main) {
  try {
    const call = parseCall(await new Response(Deno.stdin.readable).text());
    console.log(JSON.stringify(decide(call, await askRoom(questionFor(call), Deno.args))));
  } catch (error) {
    console.error(`The approval hook failed: ${error}`);
    // Claude Code blocks the tool for this code alone: with any other one it goes on.
    Deno.exit(2);
  }
  // A listener for a signal keeps the process up.
  Deno.exit(0);
}
