/**
 * The thread of a SyncClient: an AsyncClient that is called through a port.
 *
 * In the main thread this module does nothing: it is imported there only to become part of the
 * module graph, and so of a compiled binary.
 * @module
 */
import { isMainThread, workerData } from "node:worker_threads";
import { AsyncClient } from "../async_client.ts";
import type { EventMap, EventName } from "../base/events.ts";
import {
  type Calls,
  type Notice,
  type Request,
  SharedIndex,
  STATES,
  toPlainError,
  type WorkerStart,
} from "./sync_protocol.ts";

const EVENTS: readonly Exclude<EventName, "error">[] = [
  "authenticated",
  "message",
  "user_joined",
  "user_left",
  "display_name_changed",
  "disconnect",
  "connection_state_changed",
];

if (!isMainThread && isWorkerStart(workerData)) serve(workerData);

/** False in other workers of the program, which may load this module as well. */
function isWorkerStart(data: unknown): data is WorkerStart {
  return typeof data === "object" && data !== null && "roomz" in data &&
    data.roomz === "sync client";
}

function serve({ port, shared, serverUrl, sessionToken, options }: WorkerStart): void {
  const client = new AsyncClient(serverUrl, sessionToken, options);

  const post = (notice: Notice) => {
    Atomics.store(shared, SharedIndex.STATE, STATES.indexOf(client.connectionState));
    port.postMessage(notice);
    Atomics.add(shared, SharedIndex.NOTICES, 1);
    Atomics.notify(shared, SharedIndex.NOTICES);
  };
  const postEvent = <K extends EventName>(name: K, payload: EventMap[K]) =>
    post({ kind: "event", name, payload, user: client.user });
  for (const name of EVENTS) client.on(name, (payload) => postEvent(name, payload));
  // Without the cause, which may be anything, even a value that cannot be cloned to another thread.
  client.on("error", ({ error, code }) => postEvent("error", { error, code }));

  port.on("message", (request: Request) => {
    const { id } = request;
    execute(client, request).then(
      (value) => post({ kind: "result", id, value, user: client.user }),
      (error) => post({ kind: "failure", id, error: toPlainError(error), user: client.user }),
    );
  });
}

function execute(client: AsyncClient, request: Request): Promise<Calls[keyof Calls]["result"]> {
  switch (request.method) {
    case "connect":
      return client.connect(...request.args);
    case "disconnect":
      return client.disconnect();
    case "login":
      return client.login(...request.args);
    case "whoami":
      return client.whoami();
    case "send":
      return client.send(...request.args);
    case "sendText":
      return client.sendText(...request.args);
    case "setDisplayName":
      return client.setDisplayName(...request.args);
  }
}
