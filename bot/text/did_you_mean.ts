/**
 * "Did you mean …?": finds the nearest known word by Damerau–Levenshtein distance (optimal string
 * alignment), in which swapping two adjacent letters counts as one edit.
 * @module
 */
import { fold } from "./fold.ts";

/**
 * The candidate nearest to `word`, ignoring case; undefined if none is near. Near means that at most
 * a third of the letters differ, and no more than three; or that the candidate starts with `word`.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const typed = fold(word);
  let best: string | undefined;
  let least = Math.min(3, Math.floor((typed.length + 1) / 3)) + 1;
  for (const candidate of candidates) {
    const meant = fold(candidate);
    const distance = typed.length > 1 && meant.startsWith(typed)
      ? 1
      : editDistance(typed, meant, least);
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** ` Did you mean "X"?` with the nearest candidate; an empty string if none is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const meant = nearest(word, candidates);
  return meant === undefined ? "" : ` Did you mean "${meant}"?`;
}

/** How many insertions, deletions, substitutions or swaps turn `a` into `b`; `limit` if at least that. */
function editDistance(a: string, b: string, limit: number): number {
  // The difference in length is a lower bound, so a very long word is cheap.
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] &&
        a[row - 2] === b[column - 1];
      current.push(Math.min(
        at(above, column) + 1,
        at(current, column - 1) + 1,
        at(above, column - 1) + (same ? 0 : 1),
        swapped ? at(before, column - 2) + 1 : Infinity,
      ));
    }
    before = above;
    above = current;
  }
  return at(above, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
