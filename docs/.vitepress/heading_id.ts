/**
 * The ids of headings.
 * @module
 */

/** The id that GitHub gives a heading, so that a link to it works on both. */
export function githubSlug(heading: string): string {
  return heading.trim().toLowerCase().replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
    .replaceAll(" ", "-");
}
