/**
 * Reads texts out of JSON whose shape nobody has checked.
 * @module
 */
import { isJsonObject } from "../../../client/base/json.ts";
import { oneLine, webUrl } from "./one_line.ts";

/** The longest name, in characters. */
const LONGEST_NAME = 100;

/** The fields of a JSON value, by paths such as `sender.login`. What is missing or of another type is empty. */
export class Fields {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  /** A text or number as one line, cut after `most` characters. */
  text(path: string, most: number = LONGEST_NAME): string {
    const value = this.#at(path);
    if (typeof value === "number") return String(value);
    return typeof value === "string" ? oneLine(value, most) : "";
  }

  /** The first of these texts that is not empty. */
  first(...paths: readonly string[]): string {
    return paths.map((path) => this.text(path)).find((text) => text !== "") ?? "";
  }

  /** The first line of a text. */
  firstLine(path: string): string {
    const value = this.#at(path);
    return typeof value === "string" ? value.trim().split("\n", 1)[0] ?? "" : "";
  }

  /** A text as it is, for a quotation; not safe to show. */
  whole(path: string): string {
    const value = this.#at(path);
    return typeof value === "string" ? value : "";
  }

  /** An address of the web. */
  url(path: string): string {
    return webUrl(this.whole(path));
  }

  /** Whether the field is there and is neither null nor false. */
  has(path: string): boolean {
    const value = this.#at(path);
    return value !== undefined && value !== null && value !== false;
  }

  /** The elements of an array. */
  list(path: string): readonly Fields[] {
    const value = this.#at(path);
    return Array.isArray(value) ? value.map((one) => new Fields(one)) : [];
  }

  #at(path: string): unknown {
    let value = this.#value;
    for (const key of path.split(".")) {
      value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    }
    return value;
  }
}
