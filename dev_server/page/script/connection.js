/**
 * The page's connection to the chat, on socket.io's client.
 * @module
 */

/**
 * What socket.io-client's script defines; only what the page uses.
 *
 * @typedef {{
 *   readonly connected: boolean;
 *   connect(): void;
 *   disconnect(): void;
 *   on(event: string, handler: (payload: any) => void): void;
 *   onAny(handler: (event: string, payload: any) => void): void;
 *   timeout(milliseconds: number): {
 *     emit(event: string, payload: object, done: (error: unknown, answer: any) => void): void;
 *   };
 * }} Socket
 *
 * @typedef {{ readonly kind: "connecting" | "connected" | "closed" | "loggedOut" }
 *   | { readonly kind: "waiting", readonly attempt: number, readonly seconds: number }} State
 *
 * @typedef {{
 *   send(event: string, payload: object): Promise<any>;
 *   retryNow(): void;
 *   close(): void;
 * }} Connection
 */

/**
 * Opens a connection that reconnects until it is closed, or the login has ended.
 *
 * @param {(state: State) => void} onState
 * @param {(event: string, payload: any) => void} onEvent
 * @returns {Connection}
 */
export function openConnection(onState, onEvent) {
  const ACK_TIMEOUT = 5_000;
  const LONGEST_WAIT = 30;
  // Socket.IO's own reconnection does not say when it tries again.
  const options = { transports: ["websocket"], reconnection: false, autoConnect: false };
  /** @type {{ io: (options: object) => Socket }} */
  const { io } = /** @type {any} */ (globalThis);
  const socket = io(options);
  let closed = false;
  let attempts = 0;
  /** @type {number | undefined} */
  let timer;

  function connect() {
    clearInterval(timer);
    timer = undefined;
    onState({ kind: "connecting" });
    socket.connect();
  }

  function waitAndConnect() {
    if (closed || timer !== undefined) return;
    attempts++;
    const longest = Math.min(2 ** (attempts - 1), LONGEST_WAIT);
    // Pages that were disconnected together must not come back together.
    const end = Date.now() + longest * (0.5 + Math.random() / 2) * 1000;
    const tick = () => {
      const seconds = Math.ceil((end - Date.now()) / 1000);
      if (seconds <= 0) connect();
      else onState({ kind: "waiting", attempt: attempts, seconds });
    };
    timer = setInterval(tick, 250);
    tick();
  }

  async function retryUnlessLoggedOut() {
    const account = await currentAccount();
    if (closed) return;
    if (account.kind === "loggedOut") {
      closed = true;
      onState({ kind: "loggedOut" });
    } else {
      waitAndConnect();
    }
  }

  socket.on("connect", () => {
    attempts = 0;
    onState({ kind: "connected" });
  });
  socket.on("disconnect", () => {
    if (!closed) waitAndConnect();
  });
  // The server refuses an invalid session in the same way as one connection too many.
  socket.on("connect_error", () => void retryUnlessLoggedOut());
  socket.onAny(onEvent);
  connect();

  return {
    // Socket.IO would keep what is sent without a connection, and send it at any time later.
    send: (event, payload) =>
      new Promise((resolve, reject) => {
        if (!socket.connected) return reject(new Error("not connected"));
        socket.timeout(ACK_TIMEOUT).emit(event, payload, (error, answer) => {
          if (error) reject(error);
          else resolve(answer);
        });
      }),
    retryNow() {
      if (timer !== undefined) connect();
    },
    close() {
      closed = true;
      clearInterval(timer);
      socket.disconnect();
      onState({ kind: "closed" });
    },
  };
}

/**
 * Asks the server who is logged in; the page itself cannot read the session's cookie.
 *
 * @returns {Promise<{ readonly kind: "account", readonly email: string }
 *   | { readonly kind: "loggedOut" | "unknown" }>}
 */
export async function currentAccount() {
  try {
    const response = await fetch("/auth/me");
    if (response.status === 401) return { kind: "loggedOut" };
    const { user } = await response.json();
    return { kind: "account", email: String(user.email) };
  } catch {
    return { kind: "unknown" };
  }
}
