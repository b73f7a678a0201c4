import { Counter, type Registry } from "@slipway/service-kit";

/** All metrics of the recorder. */
export function createRecorderMetrics(registry: Registry) {
  const counter = (name: string, help: string) =>
    new Counter({ name: `slipway_recorder_${name}`, help, registers: [registry] });
  return {
    batches: counter("batches_total", "Batches of gateways that were stored"),
    known: counter("known_batches_total", "Batches that came again and added nothing"),
    refused: counter("refused_windows_total", "Windows left out because their time cannot be right or is too long ago"),
    busy: counter("busy_total", "Batches sent away because too many were waiting; gateways send them again"),
    removed: counter("removed_rows_total", "Rows removed because they were kept long enough"),
  };
}
