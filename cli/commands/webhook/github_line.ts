/**
 * An event of a GitHub webhook as one line for the room.
 * @module
 */
import { Fields } from "./fields.ts";
import { describeEvent } from "./github_statement.ts";
import { fittingLine, oneLine } from "./one_line.ts";

/**
 * The line for an event and its payload, whatever they hold:
 * `GitHub: octo/hello: ada opened issue #1 "Spelling error" https://…`. It fits one message, and calls
 * no bot, because it starts with a word of its own.
 */
export function gitHubLine(event: string, payload: unknown): string {
  const fields = new Fields(payload);
  const place = fields.first(
    "repository.full_name",
    "organization.login",
    "installation.account.login",
  );
  const { what, quote = "", url = "" } = describeEvent(oneLine(event, 50), fields);
  return fittingLine((most) => {
    const quoted = oneLine(quote, most);
    return [
      "GitHub:",
      ...(place === "" ? [] : [`${place}:`]),
      what.replace(/ {2,}/g, " ").trim(), // A payload may lack what its event should have.
      ...(quoted === "" ? [] : [`"${quoted}"`]),
      ...(url === "" ? [] : [url]),
    ].join(" ");
  });
}
