/**
 * Spans for Deno's built-in OpenTelemetry: one for whatever a handler runs for. They are there when
 * the program runs with `OTEL_DENO=true`, and cost nothing without it.
 * @module
 */

/** The parts of OpenTelemetry's span that are used. */
interface Span {
  setStatus(status: { code: number; message: string }): void;
  recordException(error: Error | string): void;
  end(): void;
}

/** The parts of OpenTelemetry's tracer that are used. */
interface OtelTracer {
  startSpan(name: string): Span;
  startActiveSpan<T>(
    name: string,
    options: { kind: number; attributes: Readonly<Record<string, string>> },
    task: (span: Span) => T,
  ): T;
}

// Of OpenTelemetry's JavaScript API: SpanKind.CONSUMER, SpanStatusCode.ERROR and the context's key.
const CONSUMER = 4;
const ERROR = 2;
const SPAN_KEY = Symbol.for("OpenTelemetry Context Key SPAN");

/** Makes spans. */
export class Tracer {
  readonly #tracer: OtelTracer;

  private constructor(tracer: OtelTracer) {
    this.#tracer = tracer;
  }

  /** The program's tracer; undefined where it runs without OpenTelemetry. */
  static find(): Tracer | undefined {
    const tracer: OtelTracer = Deno.telemetry.tracerProvider.getTracer("@roomz/roomz/bot");
    try {
      // Throws without OTEL_DENO, which a program may not be allowed to read. Never ended, the span
      // goes nowhere.
      tracer.startSpan("probe");
    } catch {
      return undefined;
    }
    return new Tracer(tracer);
  }

  /** Runs `task` in a span of its own; what it fetches and logs belongs to that. */
  run(
    name: string,
    attributes: Readonly<Record<string, string>>,
    task: () => Promise<void>,
  ): Promise<void> {
    return this.#tracer.startActiveSpan(name, { kind: CONSUMER, attributes }, async (span) => {
      try {
        await task();
      } finally {
        span.end();
      }
    });
  }
}

/** Marks the span that this runs in, where there is one, as failed. */
export function recordFailure(error: unknown): void {
  const span: Span | undefined = Deno.telemetry.contextManager.active().getValue(SPAN_KEY);
  if (span === undefined) return;
  span.recordException(error instanceof Error ? error : String(error));
  span.setStatus({ code: ERROR, message: String(error) });
}
