// Sends a span, a metric and a log record: `send http|grpc <host:port>`.
package main

import (
	"context"
	"log"
	"os"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	logapi "go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func open(ctx context.Context, protocol, endpoint string) (
	traces trace.SpanExporter, metrics metric.Exporter, logs sdklog.Exporter,
) {
	var errs [3]error
	if protocol == "http" {
		traces, errs[0] = otlptracehttp.New(ctx, otlptracehttp.WithEndpoint(endpoint), otlptracehttp.WithInsecure())
		metrics, errs[1] = otlpmetrichttp.New(ctx, otlpmetrichttp.WithEndpoint(endpoint), otlpmetrichttp.WithInsecure())
		logs, errs[2] = otlploghttp.New(ctx, otlploghttp.WithEndpoint(endpoint), otlploghttp.WithInsecure())
	} else {
		traces, errs[0] = otlptracegrpc.New(ctx, otlptracegrpc.WithEndpoint(endpoint), otlptracegrpc.WithInsecure())
		metrics, errs[1] = otlpmetricgrpc.New(ctx, otlpmetricgrpc.WithEndpoint(endpoint), otlpmetricgrpc.WithInsecure())
		logs, errs[2] = otlploggrpc.New(ctx, otlploggrpc.WithEndpoint(endpoint), otlploggrpc.WithInsecure())
	}
	for _, err := range errs {
		check(err)
	}
	return traces, metrics, logs
}

func main() {
	ctx := context.Background()
	protocol, endpoint := os.Args[1], os.Args[2]
	traces, metrics, logs := open(ctx, protocol, endpoint)
	origin := resource.NewSchemaless(attribute.String("service.name", "go-"+protocol))

	tracers := trace.NewTracerProvider(trace.WithSyncer(traces), trace.WithResource(origin))
	meters := metric.NewMeterProvider(metric.WithReader(metric.NewPeriodicReader(metrics)), metric.WithResource(origin))
	loggers := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewSimpleProcessor(logs)), sdklog.WithResource(origin))

	inSpan, span := tracers.Tracer("test").Start(ctx, "milk")
	counter, err := meters.Meter("test").Int64Counter("bread")
	check(err)
	counter.Add(inSpan, 1)
	var record logapi.Record
	record.SetBody(attribute.StringValue("butter"))
	loggers.Logger("test").Emit(inSpan, record)
	span.End()

	check(tracers.Shutdown(ctx))
	check(meters.Shutdown(ctx))
	check(loggers.Shutdown(ctx))
}
