/**
 * Requests that tracing must not record: the URL of a login contains a secret.
 * @module
 */

/** The subset of OpenTelemetry's context manager that is used here. */
interface ContextManager {
  active(): { setValue(key: symbol, value: unknown): unknown };
  with<T>(context: unknown, task: () => T): T;
}

// From OpenTelemetry's JavaScript API: where it is registered, and the key of a context's span.
const API = Symbol.for("opentelemetry.js.api.1");
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");

/** A span that is not sampled: neither are the spans in it. */
const UNSAMPLED = {
  spanContext: () => ({ traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 }),
  isRecording: () => false,
};

/**
 * Runs `task` so that OpenTelemetry records no spans of it, in Deno (`OTEL_DENO=true`) and with
 * OpenTelemetry's SDK.
 */
export function untraced<T>(task: () => T): T {
  const manager: ContextManager | undefined = Reflect.get(globalThis, API)?.context;
  if (manager === undefined) return task();
  const context = manager.active().setValue(SPAN, UNSAMPLED);
  return manager.with(context, task);
}
