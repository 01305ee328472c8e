/**
 * The page's script.
 *
 * It is made of the functions in `script/`, which a browser gets as they are written there. That way it
 * is linted, formatted and type-checked (with the types of browsers) like any module, and is at hand
 * wherever this module is loaded from: a folder, JSR, a compiled binary. JSR does not accept imports of
 * files as text. So a module in `script/` contains functions only, and their names are unique.
 * @module
 */
import { createComposer } from "./script/composer.js";
import { currentAccount, openConnection } from "./script/connection.js";
import { element, textElement, timeOfDay } from "./script/dom.js";
import { createLogin, requestLink } from "./script/login.js";
import { createName } from "./script/name.js";
import { createRoomView } from "./script/room.js";
import { nameOf, startPage, takeLinkProblem, whyNoClient } from "./script/start_page.js";
import { counted, plainText, storedLength, strip, visibleText } from "./script/text.js";

const FUNCTIONS: readonly { toString(): string }[] = [
  ...[counted, plainText, storedLength, strip, visibleText],
  ...[element, textElement, timeOfDay],
  ...[createRoomView, createComposer, createName, createLogin, requestLink],
  ...[currentAccount, openConnection],
  ...[nameOf, takeLinkProblem, whyNoClient, startPage],
];

/** The script as browsers get it. */
export const PAGE_SCRIPT: string = `"use strict";
(() => {
${FUNCTIONS.join("\n\n")}

startPage();
})();
`;
