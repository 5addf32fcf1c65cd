import type { Span as OtelSpan, Tracer as OtelTracer } from '@opentelemetry/api';
import { type Context, type Link, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ExportResultCode, parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import { Samples } from './samples.ts';
import type { Span, SpanAttributes, SpanDetails, Tracer } from './span.ts';
import type { TracingOptions } from './tracing-options.ts';

const BATCHES = { maxQueueSize: 8192, maxExportBatchSize: 512, scheduledDelayMillis: 1000 };
/** A process that stops waits no longer for a collector that does not answer. */
const LONGEST_LAST_EXPORT_MS = 2000;
/** Of those that a batch was made for. */
const MOST_LINKS = 32;

/** Loaded when traces are on, and only then. */
export function createTracer(options: TracingOptions, role: string, log: Logger): Tracer {
  const exporter = new OTLPTraceExporter({ url: options.url }); // headers, certificates: OTEL_EXPORTER_OTLP_*
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': options.serviceName, 'keyward.role': role }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: reporting(exporter, log), ...BATCHES })],
  });
  const tracer = provider.getTracer('keyward');
  return {
    begin: (name, details, traceparent) => {
      const span = open(tracer, name, details, contextOf(traceparent));
      return span.isRecording() ? new OpenSpan(tracer, span) : null;
    },
    [Symbol.asyncDispose]: async () => {
      const patience = AbortSignal.timeout(LONGEST_LAST_EXPORT_MS);
      const impatience = new Promise<void>((resolve) => patience.addEventListener('abort', () => resolve()));
      await Promise.race([provider.shutdown().catch(() => undefined), impatience]);
    },
  };
}

class OpenSpan implements Span {
  readonly #tracer: OtelTracer;
  readonly #span: OtelSpan;

  constructor(tracer: OtelTracer, span: OtelSpan) {
    this.#tracer = tracer;
    this.#span = span;
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  /** As a link, which no other implementation has. */
  get link(): Link {
    return { context: this.#span.spanContext() };
  }

  child(name: string, details: SpanDetails = {}): Span {
    const parent = trace.setSpan(ROOT_CONTEXT, this.#span);
    return new OpenSpan(this.#tracer, open(this.#tracer, name, details, parent));
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(attributes);
  }

  end(failure?: string): void {
    if (failure !== undefined) {
      this.#span.setAttribute('error.type', failure);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end();
  }
}

function open(tracer: OtelTracer, name: string, details: SpanDetails, parent: Context): OtelSpan {
  const { kind = 'INTERNAL', attributes = {}, links = [] } = details;
  const others = links.filter((span) => span instanceof OpenSpan).slice(0, MOST_LINKS);
  return tracer.startSpan(name, { kind: SpanKind[kind], attributes, links: others.map(({ link }) => link) }, parent);
}

function contextOf(traceparent: string | null): Context {
  const parent = traceparent === null ? null : parseTraceParent(traceparent);
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
}

/** Says so when nobody takes the traces. */
function reporting(exporter: SpanExporter, log: Logger): SpanExporter {
  const samples = new Samples();
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const sample = result.code === ExportResultCode.SUCCESS ? null : samples.take('lost');
        if (sample !== null)
          log.warn({ err: result.error, ...sample, spans: spans.length }, 'traces could not be sent');
        done(result);
      }),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}
