/**
 * The page's script is made of the functions in dev_server/page/script/, and draws text as text.
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { PAGE_SCRIPT } from "../../../dev_server/page/page_script.ts";

const folder = new URL("../../../dev_server/page/script/", import.meta.url);

async function sources(): Promise<string[]> {
  const texts: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    texts.push(await Deno.readTextFile(new URL(name, folder)));
  }
  return texts;
}

Deno.test("the script is valid, and starts the page", () => {
  new Function(PAGE_SCRIPT); // Parses it, and runs nothing.
  assertMatch(PAGE_SCRIPT, /\nstartPage\(\);\n\}\)\(\);\n$/);
});

Deno.test("every function of every module is in the script, once", async () => {
  const names = (await sources()).flatMap((text) =>
    [...text.matchAll(/^export (?:async )?function (\w+)/gm)].map(([, name = ""]) => name)
  );
  assert(names.length > 10, "the modules were read");
  for (const name of names) {
    const found = [...PAGE_SCRIPT.matchAll(new RegExp(`^(?:async )?function ${name}\\(`, "gm"))];
    assertEquals(found.length, 1, `${name}: add it to FUNCTIONS of page_script.ts`);
  }
});

Deno.test("the modules contain only functions, because only functions get into the script", async () => {
  for (const text of await sources()) {
    const statements = text.replace(/\/\*\*[\s\S]*?\*\//g, "").match(/^[^ }/\n].*/gm) ?? [];
    const other = statements.filter((line) => !/^(import |export (async )?function )/.test(line));
    assertEquals(other, []);
  }
});

Deno.test("the script has no way to make elements, styles or code from a text", () => {
  const sinks =
    /innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|\beval\b|Function\(|srcdoc|DOMParser|createContextualFragment|setAttribute\("on|\.cookie\b|localStorage/;
  assertEquals(PAGE_SCRIPT.match(sinks), null);
});
