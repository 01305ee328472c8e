/**
 * The box that messages are written in.
 * @module
 */
import { element } from "./dom.js";
import { counted, storedLength } from "./text.js";

/**
 * Sets the box up: Enter sends, Shift+Enter starts a new line.
 *
 * @param {(content: string) => boolean} onSend Returns whether the text was taken.
 * @returns {{ putBack(text: string): void, focus(): void }}
 */
export function createComposer(onSend) {
  const MOST = 1000;
  const NEAR = 100;
  const KEY = "roomz_draft";
  const form = element("composer");
  const box = /** @type {HTMLTextAreaElement} */ (element("text"));
  const counter = element("counter");
  const limit = element("limit");

  function changed() {
    // A new login in the same tab must not lose what was written.
    sessionStorage.setItem(KEY, box.value);
    showLength();
  }

  function showLength() {
    const left = MOST - storedLength(box.value);
    counter.textContent = left >= 0
      ? `${counted(left, "character")} left`
      : `${counted(-left, "character")} too many`;
    const state = left < 0 ? "over" : left <= NEAR ? "near" : "fine";
    if (counter.dataset.state === state) return;
    counter.dataset.state = state;
    box.setAttribute("aria-invalid", String(state === "over"));
    // This is read out, so it changes only when the state does.
    limit.textContent = {
      over: "Too long to send: shorten it. The characters & < > \" ' count as four to six.",
      near: `${NEAR} characters or fewer are left.`,
      fine: "",
    }[state];
  }

  function send() {
    const content = box.value;
    if (storedLength(content) === 0 || storedLength(content) > MOST) return;
    if (!onSend(content)) return;
    box.value = "";
    changed();
  }

  box.addEventListener("input", changed);
  box.addEventListener("keydown", (event) => {
    // Enter also ends the choice of an input method, such as those for Japanese.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
    box.focus();
  });
  box.value = sessionStorage.getItem(KEY) ?? "";
  showLength();

  return {
    putBack(text) {
      box.value = box.value === "" ? text : `${text}\n${box.value}`;
      changed();
      box.focus();
    },
    focus: () => box.focus(),
  };
}
