/**
 * Spans for Deno's built-in OpenTelemetry: one per handler call. They are recorded if the program runs
 * with `OTEL_DENO=true`, and cost nothing otherwise.
 * @module
 */

/** The subset of OpenTelemetry's `Span` that is used here. */
interface Span {
  setStatus(status: { code: number; message: string }): void;
  recordException(error: Error | string): void;
  end(): void;
}

/** The subset of OpenTelemetry's `Tracer` that is used here. */
interface OtelTracer {
  startSpan(name: string): Span;
  startActiveSpan<T>(
    name: string,
    options: { kind: number; attributes: Attributes },
    task: (span: Span) => T,
  ): T;
}

// From OpenTelemetry's JavaScript API: SpanKind.CONSUMER, SpanStatusCode.ERROR, the context key.
const CONSUMER = 4;
const ERROR = 2;
const SPAN_KEY = Symbol.for("OpenTelemetry Context Key SPAN");

type Attributes = Readonly<Record<string, string>>;

/** Runs tasks in spans. */
export class Tracer {
  readonly #tracer: OtelTracer;

  readonly #common: Attributes;

  private constructor(tracer: OtelTracer, common: Attributes) {
    this.#tracer = tracer;
    this.#common = common;
  }

  /** The program's tracer, for spans with `common` attributes; undefined if OpenTelemetry is off. */
  static find(common: Attributes): Tracer | undefined {
    if (typeof Deno === "undefined") return undefined;
    const tracer: OtelTracer = Deno.telemetry.tracerProvider.getTracer("@roomz/roomz/bot");
    try {
      // Throws if OpenTelemetry is off. (Reading OTEL_DENO itself would need a permission.) A span
      // that is never ended is not exported.
      tracer.startSpan("probe");
    } catch {
      return undefined;
    }
    return new Tracer(tracer, common);
  }

  /** Runs `task` in a new span; its fetches and console output are recorded under it. */
  run(
    name: string,
    own: Attributes,
    task: () => Promise<unknown> | undefined,
  ): Promise<void> {
    const attributes = { ...this.#common, ...own };
    return this.#tracer.startActiveSpan(name, { kind: CONSUMER, attributes }, async (span) => {
      try {
        await task();
      } finally {
        span.end();
      }
    });
  }
}

/** Marks the current span, if there is one, as failed. */
export function recordFailure(error: unknown): void {
  if (typeof Deno === "undefined") return;
  const span: Span | undefined = Deno.telemetry.contextManager.active().getValue(SPAN_KEY);
  if (span === undefined) return;
  span.recordException(error instanceof Error ? error : String(error));
  span.setStatus({ code: ERROR, message: String(error) });
}
