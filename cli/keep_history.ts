/**
 * Keeps what a client sees, where the user has agreed to that.
 * @module
 */
import type { AsyncClient } from "../client/mod.ts";
import type { CommandInput } from "./command_spec.ts";
import { readConfiguration } from "./configuration.ts";
import { pathIn, stateFolder } from "./folders.ts";
import type { Io } from "./io.ts";

/** The file of the messages that were seen. */
export function historyFile(io: Io): string {
  return pathIn(stateFolder(io), "history.kv");
}

/**
 * From now on keeps the messages that `client` sees, if `history` is configured so, until it is
 * disposed. `tell` is called once if that fails: it ends nothing else.
 */
export async function keepHistory(
  io: Io,
  input: CommandInput,
  client: AsyncClient,
  tell: (problem: string) => void,
): Promise<AsyncDisposable> {
  const kept = new AsyncDisposableStack();
  const { history: { value: agreed } } = await readConfiguration(io, input);
  if (!agreed) return kept;
  let told = false;
  const fail = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    if (!told) tell(`Messages are not kept: ${reason}`);
    told = true;
  };
  try {
    const { MessageHistory } = await import("./message_history.ts");
    const history = await MessageHistory.open(historyFile(io), client.serverUrl, fail);
    kept.use(history);
    client.on("message", (message) => history.add(message));
  } catch (error) {
    fail(error);
  }
  return kept;
}
