# Sends a span, a metric and a log record: `send.py http|grpc <endpoint>`.
import sys

from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

protocol, endpoint = sys.argv[1:]
if protocol == "http":
    from opentelemetry.exporter.otlp.proto.http import _log_exporter, metric_exporter, trace_exporter

    traces = trace_exporter.OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces")
    metrics = metric_exporter.OTLPMetricExporter(endpoint=f"{endpoint}/v1/metrics")
    logs = _log_exporter.OTLPLogExporter(endpoint=f"{endpoint}/v1/logs")
else:
    from opentelemetry.exporter.otlp.proto.grpc import _log_exporter, metric_exporter, trace_exporter

    traces = trace_exporter.OTLPSpanExporter(endpoint=endpoint, insecure=True)
    metrics = metric_exporter.OTLPMetricExporter(endpoint=endpoint, insecure=True)
    logs = _log_exporter.OTLPLogExporter(endpoint=endpoint, insecure=True)

resource = Resource.create({"service.name": f"python-{protocol}"})
tracer_provider = TracerProvider(resource=resource)
tracer_provider.add_span_processor(SimpleSpanProcessor(traces))
meter_provider = MeterProvider([PeriodicExportingMetricReader(metrics)], resource=resource)
logger_provider = LoggerProvider(resource=resource)
logger_provider.add_log_record_processor(SimpleLogRecordProcessor(logs))

with tracer_provider.get_tracer("test").start_as_current_span("milk"):
    meter_provider.get_meter("test").create_counter("bread").add(1)
    logger_provider.get_logger("test").emit(body="butter")

for provider in (tracer_provider, meter_provider, logger_provider):
    provider.shutdown()
