import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { apiReference } from "../../../tools/site/api_reference.ts";
import { type DocNode, parseModuleDocs } from "../../../tools/site/doc_json.ts";
import type { EntryPoint } from "../../../tools/site/entry_points.ts";

const string = { kind: "keyword", value: "string" };

function declaration(name: string, more: DocNode): DocNode {
  return {
    location: { filename: `file:///${name}.ts`, line: 1 },
    declarationKind: "export",
    jsDoc: { doc: `About ${name}. More.` },
    ...more,
  };
}

function type(name: string): [string, DocNode] {
  return [name, declaration(name, { kind: "typeAlias", def: { tsType: string } })];
}

function entry(
  slug: string,
  symbols: Readonly<Record<string, DocNode>>,
  groups?: EntryPoint["groups"],
): EntryPoint {
  const module = {
    module_doc: { doc: `The ${slug} module.\n\nMore about it.` },
    symbols: Object.entries(symbols).map(([name, it]) => ({ name, declarations: [it] })),
  };
  return {
    specifier: `@roomz/roomz/${slug}`.replace(/\/$/, ""),
    slug,
    docs: parseModuleDocs({ nodes: { "file:///mod.ts": module } }),
    groups: groups ?? [{ title: "", names: Object.keys(symbols) }],
  };
}

const client = declaration("Client", {
  kind: "class",
  def: {
    methods: [
      {
        name: "send",
        kind: "method",
        jsDoc: { doc: "Sends. See {@link Message}." },
        functionDef: {
          params: [{
            kind: "identifier",
            name: "message",
            tsType: { kind: "typeRef", value: { typeName: "Message" } },
          }],
          returnType: string,
        },
      },
      {
        name: "[Symbol.dispose]",
        kind: "method",
        jsDoc: { doc: "Ends it." },
        functionDef: { params: [], returnType: string },
      },
      { name: "hidden", kind: "method", accessibility: "private", functionDef: { params: [] } },
    ],
    properties: [{
      name: "user",
      readonly: true,
      jsDoc: { doc: "After {@link Client.send}." },
      tsType: string,
    }],
  },
});

function pageOf(entryPoints: readonly EntryPoint[], path: string): string {
  const { pages } = apiReference(entryPoints);
  const page = pages.find((page) => page.path === path);
  assert(page, `${path} is not in ${pages.map(({ path }) => path).join(" ")}`);
  return page.markdown;
}

Deno.test("a small entry point is one page: its own docs, its exports, then each symbol", () => {
  const small = entry("client", { Client: client, ...Object.fromEntries([type("Message")]) });
  assertEquals(
    pageOf([small], "api/client/index.md"),
    `---
editLink: false
pageClass: api
---

# @roomz/roomz/client

The client module.

More about it.

**Exports**

- [\`Client\`](/api/client/#Client): About Client.
- [\`Message\`](/api/client/#Message): About Message.

## Client {:#Client:}

\`\`\`ts
class Client
\`\`\`

About Client. More.

**See also:** [\`Message\`](/api/client/#Message)

### send() {:#Client.send:}

\`\`\`ts
send(message: Message): string
\`\`\`

Sends. See [\`Message\`](/api/client/#Message).

### \\[Symbol.dispose\\]() {:#Client.dispose:}

\`\`\`ts
[Symbol.dispose](): string
\`\`\`

Ends it.

### user {:#Client.user:}

\`\`\`ts
readonly user: string
\`\`\`

After [\`Client.send\`](/api/client/#Client.send).

## Message {:#Message:}

\`\`\`ts
type Message = string
\`\`\`

About Message. More.
`,
  );
});

const LETTERS = [..."ABCDEFGHIJKL"];

Deno.test("a large entry point has a page for each group, and the sidebar lists them", () => {
  const large = entry("bot", {
    ...Object.fromEntries(LETTERS.map((it) => type(it))),
    Client: client,
  }, [
    { title: "Vowels: for singing", names: ["A", "E", "I"] },
    { title: "Consonants, and where they are", names: LETTERS.filter((it) => !/[AEI]/.test(it)) },
    { title: "The client", names: ["Client"] },
  ]);
  const { pages, sidebar } = apiReference([entry("client", { Client: client }), large]);
  assertEquals(pages.map(({ path }) => path), [
    "api/client/index.md",
    "api/bot/index.md",
    "api/bot/vowels.md",
    "api/bot/consonants.md",
  ]);
  assertStringIncludes(
    pages[1]?.markdown ?? "",
    "## Vowels: for singing\n\n- [`A`](/api/bot/vowels#A)",
  );
  assertStringIncludes(pages[2]?.markdown ?? "", "# Vowels: for singing\n");
  assertEquals(sidebar.slice(1), [{
    text: "@roomz/roomz/bot",
    link: "/api/bot/",
    items: [
      { text: "Vowels", link: "/api/bot/vowels" },
      { text: "Consonants", link: "/api/bot/consonants" },
    ],
  }]);
});

Deno.test("what another entry point exports again is described once, and linked", () => {
  const first = entry("client", { Client: client });
  const second = entry("bot", { Client: client, ...Object.fromEntries([type("Bot")]) });
  const root = entry("", { Client: client });
  const page = pageOf([root, first, second], "api/bot/index.md");
  assertStringIncludes(page, "- [`Client`](/api/client/#Client): About Client.");
  assert(!page.includes("## Client"));
  const index = pageOf([root, first, second], "api/index.md");
  assertStringIncludes(index, "- [`@roomz/roomz/client`](/api/client/): The client module.\n");
  assert(!index.includes("## Client"));
});
