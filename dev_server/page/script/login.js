/**
 * The form that requests a magic link.
 * @module
 */
import { element } from "./dom.js";
import { visibleText } from "./text.js";

/**
 * Sets the login form up.
 *
 * @param {() => void} onReturn Called when somebody comes back to the page after requesting a link.
 * @returns {{ show(reason: string): void, hide(): void }}
 */
export function createLogin(onReturn) {
  const section = element("login");
  const form = element("login-form");
  const email = /** @type {HTMLInputElement} */ (element("email"));
  const outcome = element("login-outcome");
  const problem = element("login-problem");
  let requested = false;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    outcome.textContent = "";
    problem.textContent = "";
    const failure = await requestLink(email.value);
    if (failure === undefined) {
      requested = true;
      outcome.textContent = "Magic link requested. It is printed where the server runs, such as " +
        "the terminal of “roomz serve”. Open it in this browser.";
    } else {
      problem.textContent = failure;
      email.focus();
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (requested && !section.hidden && document.visibilityState === "visible") onReturn();
  });

  return {
    show(reason) {
      requested = false;
      outcome.textContent = "";
      problem.textContent = reason;
      section.hidden = false;
      email.focus();
    },
    hide() {
      section.hidden = true;
    },
  };
}

/**
 * @param {string} email
 * @returns {Promise<string | undefined>} Why it failed.
 */
export async function requestLink(email) {
  try {
    const response = await fetch("/auth/request-magic-link", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email }),
      signal: AbortSignal.timeout(10_000),
    });
    if (response.ok) return undefined;
    const { detail } = await response.json();
    return visibleText(String(detail));
  } catch {
    return "The server did not answer. Check that it is running, then try again.";
  }
}
