/**
 * The items of JSR's score that a checkout can prove, by the rules of JSR's sources (jsr-io/jsr,
 * api/src/analysis.rs). The package's settings on JSR have the description and the runtimes; the
 * release workflow checks the provenance.
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import manifest from "../deno.json" with { type: "json" };

const root = new URL("../", import.meta.url);

interface Docstring {
  readonly doc?: string;
  readonly tags?: readonly { readonly kind: string; readonly doc?: string }[];
}

/** One module in the output of `deno doc --json`. */
interface Module {
  readonly module_doc?: Docstring;
  readonly symbols: readonly {
    readonly name: string;
    readonly declarations: readonly {
      readonly kind: string;
      readonly declarationKind: string;
      readonly jsDoc?: Docstring;
      readonly def?: { readonly hasBody?: boolean };
    }[];
  }[];
}

/** The documentation of the entry points, by their names: `./bot`. */
const entryPoints = new Map(
  await Promise.all(
    Object.entries(manifest.exports).map(async ([name, file]) =>
      [name, await documentationOf(new URL(file, root))] as const
    ),
  ),
);

async function documentationOf(file: URL): Promise<Module> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--quiet", "--json", "--no-lock", fromFileUrl(file)],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { nodes }: { nodes: Record<string, Module> } = JSON.parse(new TextDecoder().decode(stdout));
  const [module] = Object.values(nodes);
  if (module === undefined) throw new Error(`deno doc says nothing about ${file}.`);
  return module;
}

Deno.test("the README is published, with an example", async () => {
  assert(manifest.publish.include.includes("README.md"));
  assertMatch(await Deno.readTextFile(new URL("README.md", root)), /^```ts$/m);
});

for (const [name, { module_doc: { doc = "", tags = [] } = {}, symbols }] of entryPoints) {
  Deno.test(`the page of ${name} stands alone: what it is, and an example that imports it`, () => {
    assertMatch(doc, /^[^\n]+(?:\n[^\n]+)*\.(?:\n|$)/, "it begins with a sentence");
    const examples = tags.filter(({ kind }) => kind === "example").map((tag) => tag.doc ?? "");
    const specifier = `@roomz/roomz${name.slice(1)}`;
    const shows = (text: string) =>
      text.includes(`"${specifier}"`) || text.includes(`:${specifier}`);
    assert(examples.some((text) => text.includes("```") && shows(text)), examples.join("\n"));
  });

  Deno.test(`every exported symbol of ${name} is documented`, () => {
    assert(symbols.length > 0, "there are symbols");
    const bare = symbols.filter(({ declarations }) => {
      const isOverloaded = declarations.length > 1 &&
        declarations.every(({ kind }) => kind === "function");
      return declarations.some(({ declarationKind, jsDoc, def }) =>
        jsDoc === undefined && declarationKind !== "private" && !(isOverloaded && def?.hasBody)
      );
    });
    assertEquals(bare.map((symbol) => symbol.name), []);
  });
}

Deno.test("slow types and undocumented symbols fail the check of every change", () => {
  const { ok, doc, "publish:check": publish } = manifest.tasks;
  assertMatch(ok.command, /deno task doc .*deno task publish:check/);
  assertMatch(publish.command, /publish --dry-run/);
  assert(!publish.command.includes("--allow-slow-types"));
  const linted = doc.command.split(" ").filter((word) => word.endsWith(".ts")).slice(1);
  assertEquals(linted, Object.values(manifest.exports).map((file) => file.replace("./", "")));
});
