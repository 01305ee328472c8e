/**
 * The page as a whole: who is logged in, and what happens in the room.
 * @module
 */
import { createComposer } from "./composer.js";
import { currentAccount, openConnection } from "./connection.js";
import { element } from "./dom.js";
import { createLogin } from "./login.js";
import { createName } from "./name.js";
import { createRoomView } from "./room.js";
import { counted, plainText, strip } from "./text.js";

/** Starts the page. */
export function startPage() {
  const linkProblem = takeLinkProblem();
  const room = createRoomView();
  const login = createLogin(() => void startIfLoggedIn());
  const name = createName(setName);
  const composer = createComposer(send);
  const chat = element("chat");
  const connections = element("connections");
  const announcement = element("announcement");
  /** @type {import("./connection.js").Connection | undefined} */
  let connection;
  /** @type {import("./connection.js").State["kind"]} */
  let state = "closed";
  let wasConnected = false;
  let isLost = false;
  /** The messages on the page, to find this page's own by the id in their acknowledgement. */
  const entries = new Map();

  element("retry").addEventListener("click", () => connection?.retryNow());
  element("logout").addEventListener("click", () => void logOut());
  addEventListener("online", () => connection?.retryNow());
  document.addEventListener("visibilitychange", () => {
    // Timers of hidden pages run late.
    if (document.visibilityState === "visible") connection?.retryNow();
  });
  void start(linkProblem);

  /** @param {string} problem Why a magic link did not log in. */
  async function start(problem) {
    const account = await currentAccount();
    element("checking").hidden = true;
    if (account.kind !== "account") {
      return showLogin(
        problem !== "" || account.kind === "loggedOut"
          ? problem
          : "The server does not answer. Check that it is running, then load this page again.",
      );
    }
    if (connection !== undefined) return;
    login.hide();
    element("account").textContent = account.email;
    chat.hidden = false;
    composer.focus();
    if (problem !== "") room.addNotice(`${problem} You are still logged in from before.`);
    if (!("io" in globalThis)) return room.addNotice(await whyNoClient());
    connection = openConnection(setState, receive);
  }

  /** The link may have been opened in another tab, or not yet. */
  async function startIfLoggedIn() {
    if ((await currentAccount()).kind === "account") await start("");
  }

  /** @param {string} problem */
  function showLogin(problem) {
    chat.hidden = true;
    login.show(problem);
  }

  /** @param {import("./connection.js").State} next */
  function setState(next) {
    room.setState(next);
    const before = state;
    state = next.kind;
    if (state === before) return;
    connections.textContent = "Connections: unknown";
    if (state === "connected") {
      if (wasConnected) {
        room.addNotice("Reconnected. Messages that others sent in the meantime were missed.");
      } else {
        room.addNotice("Connected. Messages from now on appear here; the room keeps no history.");
      }
      wasConnected = true;
      isLost = false;
      void name.apply();
    } else if (state === "waiting" && !isLost) {
      isLost = true;
      if (wasConnected) room.addNotice("Connection lost. What you write stays in the box.");
      else room.addNotice("The server does not answer.");
    } else if (state === "loggedOut") {
      endChat();
      showLogin("Your login has ended. Request a new magic link.");
    }
  }

  function endChat() {
    connection = undefined;
    wasConnected = false;
    isLost = false;
    state = "closed";
  }

  /**
   * @param {string} event
   * @param {any} payload
   */
  function receive(event, payload) {
    const who = nameOf(payload?.user);
    if (event === "message") {
      const content = plainText(payload?.content);
      const timestamp = String(payload?.timestamp);
      const entry = room.addMessage({ name: who, content, timestamp });
      entries.set(payload?.id, entry);
      if (entries.size > 1000) entries.delete(entries.keys().next().value);
    } else if (event === "user_joined") {
      showConnections(payload?.total_connections);
      room.addNotice("Another connection joined.");
    } else if (event === "user_left") {
      showConnections(payload?.remaining_connections);
      room.addNotice(`${who} left.`);
    } else if (event === "display_name_changed") {
      room.addNotice(`Another connection is called ${who} now.`);
    }
  }

  /** @param {unknown} count */
  function showConnections(count) {
    connections.textContent = counted(Number(count), "connection");
  }

  /**
   * Sends a message, and shows it as pending until the server confirms it.
   *
   * @param {string} content
   * @returns {boolean} Whether it was sent.
   */
  function send(content) {
    if (connection === undefined || state !== "connected") {
      announcement.textContent = "";
      announcement.textContent = "Not connected. Send the message when the page has reconnected.";
      return false;
    }
    announcement.textContent = "";
    const pending = room.addPending(strip(content));
    connection.send("message", { content }).then((answer) => {
      if (answer?.status === "ok") {
        pending.confirm();
        const entry = entries.get(answer.message_id);
        entry?.classList.add("own");
      } else {
        const reason = plainText(answer?.error) || "unknown reason";
        pending.fail(`Refused by the server: ${reason}`, () => composer.putBack(content));
      }
    }, () => {
      const reason = "Not confirmed: it may or may not have arrived.";
      pending.fail(reason, () => composer.putBack(content));
    });
    return true;
  }

  /**
   * @param {string | null} wanted
   * @returns {Promise<string>} Why it failed; empty if it did not.
   */
  async function setName(wanted) {
    if (connection === undefined || state !== "connected") return "";
    try {
      const answer = await connection.send("set_display_name", { display_name: wanted });
      return answer?.status === "ok" ? "" : plainText(answer?.error) || "The name was refused.";
    } catch {
      return "The server did not confirm the name. Try again.";
    }
  }

  async function logOut() {
    connection?.close();
    endChat();
    room.clear();
    try {
      await fetch("/auth/logout", { method: "POST" });
      showLogin("");
    } catch {
      showLogin("The server did not answer, so this browser is still logged in.");
    }
  }
}

/**
 * Why a magic link did not log in, from the address that the server redirects to. The address bar keeps
 * nothing of it.
 *
 * @returns {string}
 */
export function takeLinkProblem() {
  const error = new URLSearchParams(location.search).get("error");
  if (location.search !== "" || location.hash !== "") history.replaceState(null, "", "/");
  if (error === null) return "";
  return new Map([
    ["missing_token", "That magic link is incomplete. Copy the whole link, or request a new one."],
    ["unauthorized", "The address of that magic link is no longer allowed to log in."],
    ["invalid_token", "That magic link has expired or was used before. Request a new one."],
  ]).get(error) ?? "That magic link did not work. Request a new one.";
}

/**
 * @param {any} user
 * @returns {string} As messages show it: the display name, else the address of the account.
 */
export function nameOf(user) {
  return plainText(user?.display_name) || plainText(user?.email) || "Somebody";
}

/**
 * The server answers with the reason when it has no client to serve.
 *
 * @returns {Promise<string>}
 */
export async function whyNoClient() {
  try {
    const response = await fetch("/page/socket.io.js");
    if (!response.ok) return await response.text();
  } catch {
    // The server has gone.
  }
  return "The chat could not be loaded. Load this page again.";
}
