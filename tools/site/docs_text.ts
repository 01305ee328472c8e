/**
 * A docstring as Markdown.
 * @module
 */
import { type DocNode, node, nodes, text } from "./doc_json.ts";
import { typeText } from "./type_text.ts";

/** The address that describes a name, such as `Message` or `AsyncClient.send`, if there is one. */
export type Locate = (name: string) => string | undefined;

/** The text of a docstring, then its parameters, result, errors and examples. */
export function docsText(docs: unknown, locate: Locate): string {
  if (docs === undefined) return "";
  const { doc, tags } = node(docs);
  const items: Record<string, string[]> = { Parameters: [], Returns: [], Throws: [], Examples: [] };
  for (const tag of nodes(tags)) {
    const about = tag.doc === undefined ? "" : withLinks(text(tag.doc).trim(), locate);
    switch (tag.kind) {
      case "param":
        items.Parameters?.push(`- \`${text(tag.name)}\`: ${indented(about)}`);
        break;
      case "return":
        items.Returns?.push(`- ${indented(about)}`);
        break;
      case "throws":
        items.Throws?.push(`- ${errorText(tag, locate)}${indented(about)}`);
        break;
      case "example":
        items.Examples?.push(exampleText(text(tag.doc)));
        break;
      case "module":
      case "ignore":
        break;
      default:
        throw new Error(
          `deno doc gave a tag of the kind ${tag.kind}. Say in tools/site/docs_text.ts what the ` +
            "reference shows of it.",
        );
    }
  }
  const { Examples, ...lists } = items;
  return [
    doc === undefined ? "" : withLinks(text(doc).trim(), locate),
    ...Object.entries(lists).map(([title, items]) =>
      items.length > 0 ? `**${title}**\n\n${items.join("\n")}` : ""
    ),
    ...Examples ?? [],
  ].filter((part) => part !== "").join("\n\n");
}

/** The first sentence of a docstring. */
export function summary(docs: unknown, locate: Locate): string {
  const doc = docs === undefined ? undefined : node(docs).doc;
  if (doc === undefined) return "";
  const [paragraph = ""] = text(doc).trim().split("\n\n", 1);
  const line = paragraph.replaceAll("\n", " ");
  const [sentence = line] = /^.*?[.:!?](?= |$)/.exec(line) ?? [];
  return withLinks(sentence.replace(/:$/, "."), locate);
}

/** `text` with `{@link …}` and `{@linkcode …}` as links, or as code where they lead nowhere. */
function withLinks(text: string, locate: Locate): string {
  return text.replace(/\{@link(?:code)? ([\w.]+)\}/g, (_, name: string) => {
    const url = locate(name);
    return url === undefined ? `\`${name}\`` : `[\`${name}\`](${url})`;
  });
}

function errorText(tag: DocNode, locate: Locate): string {
  if (tag.tsType === undefined) return "";
  const name = typeText(tag.tsType);
  return `${withLinks(`{@link ${name}}`, locate)}${tag.doc === undefined ? "" : ": "}`;
}

/** The title of an example is its first line, unless code begins there. */
function exampleText(doc: string): string {
  const fence = doc.indexOf("```");
  const title = doc.slice(0, fence).trim();
  return `**Example${title === "" ? "" : `:** ${title}`}${title === "" ? "**" : ""}\n\n${
    doc.slice(fence).trim()
  }`;
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n  ");
}
