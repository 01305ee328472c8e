/**
 * Finds the command that a line calls, in a prefix tree of words.
 *
 * A lookup takes time proportional to the number of matching words, not of commands. The longest
 * sequence of words that is a command wins. Words are compared folded, see fold.ts.
 * @module
 */
import { Tokenizer } from "../signature/tokenizer.ts";
import { fold } from "../text/fold.ts";

interface Node<C> {
  readonly children: Map<string, Node<C>>;
  command: C | undefined;
}

/** The result of a lookup. */
export interface Route<C> {
  /** The command; undefined if the matching words are not a command. */
  readonly command: C | undefined;
  /** The offset after the command's words, in UTF-16 code units. */
  readonly position: number;
  /** The words that could come next where the line left the tree, folded. */
  readonly following: ReadonlyMap<string, unknown>;
  /** The words of the line that matched. */
  readonly path: readonly string[];
  /** The first word that did not match; undefined if the line ended, or if no word could follow. */
  readonly unknown: string | undefined;
}

/** Commands, indexed by their words. */
export class CommandTree<C> {
  readonly #root: Node<C> = { children: new Map(), command: undefined };

  /** Adds a command. If one with the same words exists, returns that one instead. */
  add(words: readonly string[], command: C): C | undefined {
    let node = this.#root;
    for (const word of words) {
      const key = fold(word);
      let child = node.children.get(key);
      if (child === undefined) {
        child = { children: new Map(), command: undefined };
        node.children.set(key, child);
      }
      node = child;
    }
    if (node.command !== undefined) return node.command;
    node.command = command;
    return undefined;
  }

  /** Looks up the words of `line` from `position` on. */
  find(line: string, position: number): Route<C> {
    const tokens = new Tokenizer(line, position);
    let path: readonly string[] = [];
    let node = this.#root;
    let command: C | undefined;
    let after = position;
    for (;;) {
      const token = tokens.next();
      const child = token === undefined || token.quoted ? undefined : childOf(node, token.text);
      if (token === undefined || child === undefined) {
        return { command, position: after, path, unknown: token?.text, following: node.children };
      }
      node = child;
      // An array that grows has room for 17: most paths have one word.
      path = path.length === 0 ? [token.text] : [...path, token.text];
      if (node.command === undefined) continue;
      command = node.command;
      after = tokens.position;
      // No word could follow, so none is read.
      if (node.children.size === 0) {
        return { command, position: after, path, unknown: undefined, following: node.children };
      }
    }
  }
}

function childOf<C>({ children }: Node<C>, word: string): Node<C> | undefined {
  return children.get(word) ?? children.get(fold(word));
}
