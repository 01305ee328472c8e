/**
 * The thread behind a SyncClient: an AsyncClient that is told what to do through a port.
 *
 * In the main thread this module does nothing; it is imported there so that it is part of the
 * module graph, and with it of a compiled binary.
 * @module
 */
import { isMainThread, type MessagePort, workerData } from "node:worker_threads";
import { AsyncClient } from "./async_client.ts";
import type { ClientOptions } from "./options.ts";
import { type Calls, type Notice, type Request, SharedIndex, STATES, toPlainError } from "./sync_protocol.ts";
import type { EventMap, EventName } from "./events.ts";

/** What the main thread starts the worker with. */
export interface WorkerStart {
  readonly port: MessagePort;
  readonly shared: Int32Array<SharedArrayBuffer>;
  readonly serverUrl: string;
  readonly sessionToken: string;
  readonly options: ClientOptions;
}

const EVENTS: readonly EventName[] = [
  "authenticated",
  "message",
  "user_joined",
  "user_left",
  "display_name_changed",
  "disconnect",
  "connection_state_changed",
  "error",
];

if (!isMainThread && isWorkerStart(workerData)) serve(workerData);

function serve({ port, shared, serverUrl, sessionToken, options }: WorkerStart): void {
  const client = new AsyncClient(serverUrl, sessionToken, options);

  const tell = (notice: Notice) => {
    Atomics.store(shared, SharedIndex.STATE, STATES.indexOf(client.connectionState));
    port.postMessage(notice);
    Atomics.add(shared, SharedIndex.NOTICES, 1);
    Atomics.notify(shared, SharedIndex.NOTICES);
  };
  const forward = <K extends EventName>(event: K) =>
    client.on(event, (payload: EventMap[K]) => tell(notice(event, payload, client)));
  EVENTS.forEach(forward);

  port.on("message", async (request: Request) => {
    const { id } = request;
    try {
      const result = await carryOut(client, request);
      tell({ id, result, user: client.user });
    } catch (error) {
      tell({ id, error: toPlainError(error), user: client.user });
    }
  });
}
