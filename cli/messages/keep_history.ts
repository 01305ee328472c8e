/**
 * Keeps what a client sees, where the user has agreed to that.
 * @module
 */
import type { AsyncClient, Message } from "../../client/mod.ts";
import type { CommandInput } from "../command_line/command_spec.ts";
import type { Io } from "../command_line/io.ts";
import { readConfiguration } from "../config/configuration.ts";
import { pathIn, stateFolder } from "../config/folders.ts";
import type { MessageHistory } from "./message_history.ts";

/** What keeps messages until it is disposed. */
export interface HistoryKeeper extends AsyncDisposable {
  /** What is kept; undefined where nothing is. */
  readonly history: MessageHistory | undefined;
}

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
): Promise<HistoryKeeper> {
  const { history: { value: agreed } } = await readConfiguration(io, input);
  const none = { history: undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
  if (!agreed) return none;
  let told = false;
  const fail = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    if (!told) tell(`Messages are not kept: ${reason}`);
    told = true;
  };
  try {
    const { MessageHistory } = await import("./message_history.ts");
    const history = await MessageHistory.open(historyFile(io), client.serverUrl, fail);
    const keep = (message: Message): void => history.add(message);
    client.on("message", keep);
    return {
      history,
      [Symbol.asyncDispose]() {
        client.off("message", keep); // It may go on while the last ones are written.
        return history[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    fail(error);
    return none;
  }
}
