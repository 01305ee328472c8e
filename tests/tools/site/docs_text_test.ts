import { assertEquals, assertThrows } from "@std/assert";
import { docsText, summary } from "../../../tools/site/docs_text.ts";

const locate = (name: string) => name.startsWith("Client") ? `/api/client/#${name}` : undefined;

Deno.test("a docstring becomes its text, with links where the reference has the name", () => {
  assertEquals(
    docsText({ doc: "Use {@linkcode Client.send} or {@link Other}.\n\nMore.\n" }, locate),
    "Use [`Client.send`](/api/client/#Client.send) or `Other`.\n\nMore.",
  );
  assertEquals(docsText(undefined, locate), "");
});

Deno.test("parameters, result, errors and examples follow the text", () => {
  const tags = [
    { kind: "example", doc: "Say hello\n```ts\nhello();\n```" },
    { kind: "example", doc: "```ts\nbye();\n```" },
    {
      kind: "throws",
      tsType: { kind: "typeRef", value: { typeName: "ClientError" } },
      doc: "It is\nlate.",
    },
    { kind: "throws", doc: "The same as {@link Client}." },
    { kind: "param", name: "text", doc: "What to say." },
    { kind: "return", doc: "Whether it was heard." },
    { kind: "module" },
  ];
  assertEquals(
    docsText({ doc: "Says it.", tags }, locate),
    `Says it.

**Parameters**

- \`text\`: What to say.

**Returns**

- Whether it was heard.

**Throws**

- [\`ClientError\`](/api/client/#ClientError): It is
  late.
- The same as [\`Client\`](/api/client/#Client).

**Example:** Say hello

\`\`\`ts
hello();
\`\`\`

**Example**

\`\`\`ts
bye();
\`\`\``,
  );
});

Deno.test("a tag that nobody has decided about fails the build", () => {
  assertThrows(() => docsText({ tags: [{ kind: "since" }] }, locate), Error, "of the kind since");
});

Deno.test("the summary is the first sentence", () => {
  assertEquals(summary({ doc: "Sends 1.5 MB\nat once. More." }, locate), "Sends 1.5 MB at once.");
  assertEquals(summary({ doc: "Lets through:\n\n- a" }, locate), "Lets through.");
  assertEquals(summary({ doc: "No dot\n\nNext." }, locate), "No dot");
  assertEquals(summary({ tags: [] }, locate), "");
});
