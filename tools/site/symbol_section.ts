/**
 * An exported symbol in the reference, as Markdown.
 * @module
 */
import { type DocNode, node } from "./doc_json.ts";
import { docsText, type Locate } from "./docs_text.ts";
import { layout } from "./type_layout.ts";
import { declarationText, headText, type Member, membersOf } from "./type_text.ts";

/** A section for the symbol, and one in it for each of its members. */
export function symbolSection(
  name: string,
  declarations: readonly DocNode[],
  locate: Locate,
): string {
  const members = declarations.flatMap(documentedMembers);
  return [
    `## ${name} {:#${name}:}`,
    ...declarations.flatMap((declaration) => [
      code(layout(shownText(name, declaration))),
      docsText(declaration.jsDoc, locate),
    ]),
    typesLine(name, declarations, locate),
    ...[...Map.groupBy(members, (member) => member.name).values()].map((overloads) =>
      memberSection(name, overloads, locate)
    ),
  ].filter((part) => part !== "").join("\n\n");
}

/** The id of a member's section: `AsyncClient.send`. */
export function memberId(owner: string, member: string): string {
  return `${owner}.${member.replace(/^\[Symbol\.|\W/g, "")}`;
}

function memberSection(owner: string, overloads: readonly Member[], locate: Locate): string {
  const name = overloads[0]?.name ?? "";
  const isMethod = overloads.some(({ json }) => json.kind === "method");
  // [Symbol.dispose]() would be a link.
  const escaped = name.replace(/[[\]]/g, "\\$&");
  const heading = name === "constructor" ? `new ${owner}()` : escaped + (isMethod ? "()" : "");
  return [
    `### ${heading} {:#${memberId(owner, name)}:}`,
    ...overloads.flatMap(({ text, json }) => [code(layout(text)), docsText(json.jsDoc, locate)]),
  ].filter((part) => part !== "").join("\n\n");
}

/** Members with a section of their own are left out of the declaration. */
function shownText(name: string, declaration: DocNode): string {
  if (documentedMembers(declaration).length === 0) return declarationText(name, declaration);
  const { kind, def } = declaration;
  return kind === "variable" ? `${node(def).kind} ${name}` : headText(name, declaration);
}

/** The members of a class or an interface, and those of an object that have docs. */
export function documentedMembers({ kind, def: json }: DocNode): Member[] {
  const def = node(json);
  if (kind === "class" || kind === "interface") return membersOf(def);
  const type = kind === "variable" && def.tsType !== undefined ? node(def.tsType) : undefined;
  if (type?.kind !== "typeLiteral") return [];
  return membersOf(node(type.value)).filter(({ json }) => json.jsDoc !== undefined);
}

/** Links to the exported types that the declarations name, because code has no links. */
function typesLine(name: string, declarations: readonly DocNode[], locate: Locate): string {
  const links = [...new Set(declarations.flatMap((it) => typeNames(it.def)))].toSorted()
    .filter((type) => type !== name)
    .flatMap((type) => {
      const url = locate(type);
      return url === undefined ? [] : [`[\`${type}\`](${url})`];
    });
  return links.length === 0 ? "" : `**See also:** ${links.join(", ")}`;
}

/** The names of all types in a part of the JSON. */
function typeNames(json: unknown): string[] {
  if (typeof json !== "object" || json === null) return [];
  const own = "typeName" in json && typeof json.typeName === "string" ? [json.typeName] : [];
  return [...own, ...Object.values(json).flatMap(typeNames)];
}

function code(text: string): string {
  return `\`\`\`ts\n${text}\n\`\`\``;
}
