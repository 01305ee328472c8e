/**
 * Assertions about definitions that are mistakes, for the compiler and at run time.
 * @module
 */
import { BotDefinitionError } from "@roomz/roomz/bot";
import { assertThrows } from "@std/assert";

/** Fails unless `define` throws a definition error. */
export function refused(define: () => unknown): void {
  assertThrows(define, BotDefinitionError);
}
