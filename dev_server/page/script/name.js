/**
 * The display name of this page's connection.
 * @module
 */
import { element } from "./dom.js";
import { strip } from "./text.js";

/**
 * Sets the form for the name up. The server forgets the name with the connection, so the page remembers
 * it, for this tab: two tabs are two connections.
 *
 * @param {(name: string | null) => Promise<string>} setName Returns why it failed, or nothing.
 * @returns {{ apply(): Promise<void> }}
 */
export function createName(setName) {
  const KEY = "roomz_display_name";
  const box = /** @type {HTMLInputElement} */ (element("name"));
  const outcome = element("name-outcome");
  let saved = sessionStorage.getItem(KEY) ?? "";
  box.value = saved;

  /** @param {string} wanted */
  async function change(wanted) {
    const problem = await setName(wanted === "" ? null : wanted);
    box.setAttribute("aria-invalid", String(problem !== ""));
    outcome.dataset.state = problem === "" ? "fine" : "over";
    if (problem !== "") {
      outcome.textContent = problem;
      return false;
    }
    saved = wanted;
    sessionStorage.setItem(KEY, saved);
    return true;
  }

  element("name-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const wanted = strip(box.value);
    if (!await change(wanted)) return;
    outcome.textContent = wanted === "" ? "Name cleared." : "Name set.";
  });
  box.addEventListener("input", () => outcome.textContent = "");

  return {
    async apply() {
      if (saved !== "") await change(saved);
    },
  };
}
