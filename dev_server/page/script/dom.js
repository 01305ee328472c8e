/**
 * Elements of the page.
 * @module
 */
import { visibleText } from "./text.js";

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function element(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element ${id}.`);
  return found;
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} text
 * @returns {HTMLElement}
 */
export function textElement(tag, className, text) {
  const created = document.createElement(tag);
  created.className = className;
  created.textContent = visibleText(text);
  return created;
}

/**
 * @param {string} timestamp ISO 8601.
 * @returns {string}
 */
export function timeOfDay(timestamp) {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime())
    ? ""
    : date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
