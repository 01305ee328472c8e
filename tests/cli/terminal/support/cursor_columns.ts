/**
 * Runs in a terminal: writes each text of a file to it and asks where the cursor is then.
 * Arguments: a JSON file with the texts, and the file that receives the columns as JSON.
 * @module
 */
const [input = "", output = ""] = Deno.args;
const texts: string[] = JSON.parse(await Deno.readTextFile(input));

/** As many questions at a time as a terminal's input holds answers to. */
const BATCH = 100;

const columns: number[] = [];
Deno.stdin.setRaw(true);
const reader = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).getReader();
for (let at = 0; at < texts.length; at += BATCH) {
  const batch = texts.slice(at, at + BATCH);
  const questions = batch.map((text) => `\r\x1b[K${text}\x1b[6n`).join("");
  const bytes = new TextEncoder().encode(questions);
  for (let sent = 0; sent < bytes.length;) sent += await Deno.stdout.write(bytes.subarray(sent));
  let answers = "";
  while (answers.split("R").length <= batch.length) answers += (await reader.read()).value ?? "";
  // deno-lint-ignore no-control-regex -- the terminal's answer
  for (const [, column] of answers.matchAll(/\x1b\[\d+;(\d+)R/g)) columns.push(Number(column) - 1);
}
Deno.stdin.setRaw(false);
await Deno.writeTextFile(output, JSON.stringify(columns));
