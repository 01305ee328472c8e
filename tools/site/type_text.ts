/**
 * Writes the types and declarations of `deno doc --json` (version 2) as TypeScript, without docs.
 * @module
 */

import { type DocNode, node, nodes, text } from "./doc_json.ts";

/** What a declaration says, on one line or one line a member. `name` is the exported name. */
export function declarationText(name: string, declaration: DocNode): string {
  const def = node(declaration.def);
  const generics = typeParametersText(def.typeParams);
  switch (declaration.kind) {
    case "function":
      return `function ${name}${signatureText(def)}`;
    case "variable":
      return `${text(def.kind)} ${name}${annotation(def.tsType)}`;
    case "typeAlias":
      return `type ${name}${generics} = ${typeText(def.tsType)}`;
    case "interface":
    case "class":
      return block(headText(name, declaration), def);
    default:
      throw unknownKind("declaration", declaration);
  }
}

/** The declaration of a class or an interface without its members. */
export function headText(name: string, { kind, def: json }: DocNode): string {
  const def = node(json);
  const generics = typeParametersText(def.typeParams);
  if (kind === "interface") return `interface ${name}${generics}${list(" extends ", def.extends)}`;
  return (def.isAbstract === true ? "abstract " : "") + `class ${name}${generics}` +
    (def.extends === undefined ? "" : ` extends ${text(def.extends)}`) +
    (nodes(def.superTypeParams).length === 0 ? "" : `<${types(def.superTypeParams)}>`) +
    list(" implements ", def.implements);
}

function block(head: string, def: DocNode): string {
  const members = membersOf(def).map(({ text }) => `  ${text}\n`).toSorted();
  return `${head} {\n${members.join("")}}`;
}

/** A member of a class, an interface or an object type. */
export interface Member {
  /** "constructor", "[index]" or "()" if it has no name of its own. */
  readonly name: string;
  /** Its declaration, without docs. */
  readonly text: string;
  /** Its JSON, with its docs. */
  readonly json: DocNode;
}

/** The public members of `def`, in the order of its JSON. */
export function membersOf(def: DocNode): Member[] {
  return [
    ...withoutImplementations(nodes(def.constructors)).map((json) => ({
      name: "constructor",
      text: visibility(json) + `constructor(${parametersText(json.params)})`,
      json,
    })),
    ...withoutImplementations(nodes(def.methods)).map((json) => ({
      name: memberName(json),
      text: methodText(json),
      json,
    })),
    ...nodes(def.properties).filter(isPublic).map((json) => ({
      name: memberName(json),
      text: visibility(json) + (json.isStatic === true ? "static " : "") +
        (json.isAbstract === true ? "abstract " : "") +
        (json.readonly === true ? "readonly " : "") + memberName(json) +
        optionalMark(json) + annotation(json.tsType),
      json,
    })),
    ...nodes(def.callSignatures).map((json) => ({ name: "()", text: signatureText(json), json })),
    ...nodes(def.indexSignatures).map((json) => ({
      name: "[index]",
      text: `${json.readonly === true ? "readonly " : ""}[${parametersText(json.params)}]` +
        annotation(json.tsType),
      json,
    })),
  ];
}

/** Of a method with overloads, the one with the body cannot be called. */
function withoutImplementations(members: readonly DocNode[]): DocNode[] {
  const hasOverloads = (member: DocNode) =>
    members.filter(({ name, isStatic, kind }) =>
      name === member.name && isStatic === member.isStatic && kind === member.kind
    ).length > 1;
  const hasBody = (member: DocNode) =>
    member.hasBody === true ||
    (member.functionDef !== undefined && node(member.functionDef).hasBody === true);
  return members.filter(isPublic).filter((member) => !(hasBody(member) && hasOverloads(member)));
}

function methodText(method: DocNode): string {
  const kind = method.kind === "getter" ? "get " : method.kind === "setter" ? "set " : "";
  return visibility(method) + (method.isStatic === true ? "static " : "") +
    (method.isAbstract === true ? "abstract " : "") + kind + memberName(method) +
    optionalMark(method) + signatureText(node(method.functionDef ?? method));
}

/** A member that is private, or that its docs hide with `@ignore`, is not part of the surface. */
function isPublic(member: DocNode): boolean {
  const docs = member.jsDoc === undefined ? {} : node(member.jsDoc);
  return member.accessibility !== "private" &&
    !nodes(docs.tags).some(({ kind }) => kind === "ignore");
}

function visibility(member: DocNode): string {
  return member.accessibility === "protected" ? "protected " : "";
}

function memberName(member: DocNode): string {
  const name = text(member.name);
  if (member.computed === true) return `[${name}]`;
  return /^(\[.*\]|#?[\w$]+)$/.test(name) ? name : JSON.stringify(name);
}

function signatureText(signature: DocNode): string {
  const result = signature.returnType ?? signature.tsType;
  return typeParametersText(signature.typeParams) + `(${parametersText(signature.params)})` +
    annotation(result);
}

function parametersText(parameters: unknown): string {
  return nodes(parameters).map((parameter) => parameterText(parameter)).join(", ");
}

function parameterText(parameter: DocNode, optional = optionalMark(parameter)): string {
  const type = annotation(parameter.tsType);
  switch (parameter.kind) {
    case "identifier":
      return text(parameter.name) + optional + type;
    case "assign": // A default value: what it is, is documented, and no part of the signature.
      return parameterText(node(parameter.left), "?");
    case "rest":
      return `...${parameterText(node(parameter.arg))}${type}`;
    // How a function takes its parameter apart is no concern of its caller.
    case "object":
    case "array":
      return `options${optional}${type}`;
    default:
      throw unknownKind("parameter", parameter);
  }
}

function typeParametersText(parameters: unknown): string {
  const texts = nodes(parameters).map(({ name, constraint, default: fallback }) =>
    text(name) + (constraint === undefined ? "" : ` extends ${typeText(constraint)}`) +
    (fallback === undefined ? "" : ` = ${typeText(fallback)}`)
  );
  return texts.length === 0 ? "" : `<${texts.join(", ")}>`;
}

/** A type as TypeScript writes it. */
export function typeText(value: unknown): string {
  const type = node(value);
  const inner = type.value;
  switch (type.kind) {
    case "keyword":
    case "typeQuery":
      return (type.kind === "typeQuery" ? "typeof " : "") + text(inner);
    case "literal":
      return literalText(node(inner));
    case "template":
      return templateText(type.tsTypes);
    case "typeRef": {
      const { typeName, typeParams } = node(inner);
      return text(typeName) + (nodes(typeParams).length === 0 ? "" : `<${types(typeParams)}>`);
    }
    case "union":
      return types(inner, " | ");
    case "intersection":
      return types(inner, " & ");
    case "array":
      return `${typeText(inner)}[]`;
    case "tuple":
      return `[${types(inner)}]`;
    case "parenthesized":
      return `(${typeText(inner)})`;
    case "rest":
      return `...${typeText(inner)}`;
    case "optional":
      return `${typeText(inner)}?`;
    case "this":
      return "this";
    case "typeOperator": {
      const { operator, tsType } = node(inner);
      return `${text(operator)} ${typeText(tsType)}`;
    }
    case "indexedAccess": {
      const { objType, indexType } = node(inner);
      return `${typeText(objType)}[${typeText(indexType)}]`;
    }
    case "conditional": {
      const { checkType, extendsType, trueType, falseType } = node(inner);
      return `${typeText(checkType)} extends ${typeText(extendsType)} ? ${typeText(trueType)}` +
        ` : ${typeText(falseType)}`;
    }
    case "infer":
      return `infer ${typeParametersText([node(inner).typeParam]).slice(1, -1)}`;
    case "mapped":
      return mappedText(node(inner));
    case "typeLiteral":
      return `{ ${membersOf(node(inner)).map(({ text }) => text).toSorted().join("; ")} }`;
    case "typePredicate": {
      const { asserts, param, type: target } = node(inner);
      const subject = node(param).type === "this" ? "this" : text(node(param).name);
      return (asserts === true ? "asserts " : "") + subject +
        (target === undefined || target === null ? "" : ` is ${typeText(target)}`);
    }
    case "fnOrConstructor": {
      const { typeParams, params, tsType } = node(inner);
      const isConstructor = Object.entries(node(inner)).some(([key, value]) =>
        key === "constructor" && value === true
      );
      return `${isConstructor ? "new " : ""}${typeParametersText(typeParams)}` +
        `(${parametersText(params)}) => ${typeText(tsType)}`;
    }
    default:
      throw unknownKind("type", type);
  }
}

function literalText(literal: DocNode): string {
  switch (literal.kind) {
    case "string":
      return JSON.stringify(literal.string);
    case "template":
      return templateText(literal.tsTypes);
    case "boolean":
    case "number":
    case "bigInt":
      return String(literal[literal.kind]);
    default:
      throw unknownKind("literal", literal);
  }
}

function templateText(parts: unknown): string {
  const texts = nodes(parts).map((part) => {
    const literal = part.kind === "literal" ? node(part.value) : undefined;
    return literal?.kind === "string" ? text(literal.string) : `\${${typeText(part)}}`;
  });
  return `\`${texts.join("")}\``;
}

function mappedText({ readonly, optional, typeParam, nameType, tsType }: DocNode): string {
  const { name, constraint } = node(typeParam);
  return `{ ${modifier(readonly, "readonly ")}[${text(name)} in ${typeText(constraint)}` +
    `${nameType === undefined ? "" : ` as ${typeText(nameType)}`}]${modifier(optional, "?")}` +
    `${annotation(tsType)} }`;
}

/** `true`, `"+"` or `"-"`, as in `-readonly`. */
function modifier(value: unknown, word: string): string {
  if (value === undefined || value === null || value === false) return "";
  return `${value === "+" || value === "-" ? value : ""}${word}`;
}

function optionalMark({ optional }: DocNode): string {
  return optional === true ? "?" : "";
}

function annotation(type: unknown): string {
  return type === undefined || type === null ? "" : `: ${typeText(type)}`;
}

function list(word: string, value: unknown): string {
  return nodes(value).length === 0 ? "" : word + types(value);
}

function types(value: unknown, separator = ", "): string {
  return nodes(value).map(typeText).join(separator);
}

function unknownKind(what: string, value: DocNode): Error {
  return new Error(
    `deno doc gave a ${what} of a kind that tools/site/type_text.ts does not know: ` +
      `${JSON.stringify(value).slice(0, 300)}. Add the kind there.`,
  );
}
