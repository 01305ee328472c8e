/**
 * Saves the messages that a client receives, if the user has opted in.
 * @module
 */
import { messageOf } from "../../client/base/errors.ts";
import type { AsyncClient, Message } from "../../client/mod.ts";
import type { Io } from "../command_line/io.ts";
import { pathIn, stateFolder } from "../config/folders.ts";
import type { Configuration } from "../config/settings.ts";
import type { MessageHistory } from "./message_history.ts";

/** Saves messages until it is disposed. */
export interface HistoryKeeper extends AsyncDisposable {
  /** The saved messages; undefined if saving is off or failed. */
  readonly history: MessageHistory | undefined;
}

/** The file of the saved messages. */
export function historyFile(io: Io): string {
  return pathIn(stateFolder(io), "history.kv");
}

/**
 * Saves the messages that `client` receives until it is disposed, if `history` is on in the
 * configuration. `report` is called once if saving fails; nothing else stops.
 */
export async function keepHistory(
  io: Io,
  { history: { value: enabled } }: Configuration,
  client: AsyncClient,
  report: (problem: string) => void,
): Promise<HistoryKeeper> {
  const none = { history: undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
  if (!enabled) return none;
  let reported = false;
  const fail = (error: unknown): void => {
    const reason = messageOf(error);
    if (!reported) report(`Messages are not being saved: ${reason}`);
    reported = true;
  };
  try {
    const { MessageHistory } = await import("./message_history.ts");
    const history = await MessageHistory.open(historyFile(io), client.serverUrl, fail);
    const keep = (message: Message): void => history.add(message);
    client.on("message", keep);
    return {
      history,
      [Symbol.asyncDispose]() {
        client.off("message", keep); // It may receive more while the last ones are written.
        return history[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    fail(error);
    return none;
  }
}
