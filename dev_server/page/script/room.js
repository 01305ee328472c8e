/**
 * What the page shows of the room: messages, notices, the state of the connection.
 * @module
 */
import { element, textElement, timeOfDay } from "./dom.js";

/** @typedef {import("./connection.js").State} State */

/**
 * Sets the room's view up. All text from others is drawn with `textContent`.
 *
 * @typedef {{ readonly name: string, readonly content: string, readonly timestamp: string }} Message
 */
export function createRoomView() {
  const MOST_ENTRIES = 1000;
  const log = element("log");
  const list = element("messages");
  const status = element("status");
  const retry = element("retry");
  const jump = element("jump");

  let follows = true;
  let size = "";
  const sizeNow = () => `${log.clientWidth} ${log.clientHeight}`;
  const scrollToEnd = () => {
    log.scrollTop = log.scrollHeight;
    follows = true;
    jump.hidden = true;
  };
  log.addEventListener("scroll", () => {
    // A box that grows, or the keyboard of a phone, moves the end out of view; nobody scrolled then.
    if (size !== sizeNow()) return;
    follows = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    if (follows) jump.hidden = true;
  });
  new ResizeObserver(() => {
    size = sizeNow();
    if (follows) scrollToEnd();
  }).observe(log);
  jump.addEventListener("click", () => {
    scrollToEnd();
    log.focus();
  });

  /** @param {HTMLElement} entry */
  function add(entry) {
    list.append(entry);
    while (list.childElementCount > MOST_ENTRIES) list.firstElementChild?.remove();
    if (follows) scrollToEnd();
    else jump.hidden = false;
  }

  return {
    /**
     * @param {Message} message
     * @returns {HTMLElement}
     */
    addMessage({ name, content, timestamp }) {
      const time = textElement("time", "when", timeOfDay(timestamp));
      time.setAttribute("datetime", timestamp);
      const head = textElement("p", "head", "");
      head.append(textElement("bdi", "who", name), " ", time);
      const body = textElement("p", "content", content);
      body.dir = "auto";
      const entry = textElement("li", "message", "");
      entry.append(head, body);
      add(entry);
      return entry;
    },
    /** @param {string} text */
    addNotice(text) {
      add(textElement("li", "notice", text));
    },
    /**
     * A message that was sent but not confirmed yet.
     *
     * @param {string} content
     */
    addPending(content) {
      const state = textElement("p", "head", "Sending…");
      const body = textElement("p", "content", content);
      body.dir = "auto";
      const entry = textElement("li", "message own pending", "");
      entry.append(state, body);
      add(entry);
      return {
        confirm: () => entry.remove(),
        /**
         * @param {string} reason
         * @param {() => void} edit
         */
        fail(reason, edit) {
          const again = textElement("button", "", "Edit and send again");
          again.setAttribute("type", "button");
          again.addEventListener("click", () => {
            entry.remove();
            edit();
          });
          entry.className = "message own failed";
          state.textContent = reason;
          entry.append(again);
          if (follows) scrollToEnd();
        },
      };
    },
    clear: () => list.replaceChildren(),
    /** @param {State} state */
    setState(state) {
      const text = {
        connecting: "Connecting…",
        connected: "Connected",
        closed: "Not connected",
        loggedOut: "Not connected",
        waiting: state.kind === "waiting"
          ? `Reconnecting in ${state.seconds} s (attempt ${state.attempt})`
          : "",
      }[state.kind];
      // Unchanged text must not be written: screen readers and selections notice.
      if (status.textContent !== text) status.textContent = text;
      status.dataset.kind = state.kind;
      if (state.kind !== "waiting" && document.activeElement === retry) element("text").focus();
      retry.hidden = state.kind !== "waiting";
    },
  };
}
