// The load: one JSON line in says what to send, one JSON line out says what came back. Stays between measurements, so
// that none of them pays for its start. autocannon counts whole milliseconds; we take each answer's time ourselves.
import autocannon from 'autocannon';
import { createInterface } from 'node:readline';

function quantile(sorted, share) {
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] : null;
}

function measure({ url, requests, connections, seconds }) {
  return new Promise((resolve, reject) => {
    const times = [];
    let bytes = 0;
    let refused = 0;
    const run = autocannon({ url, requests, connections, duration: seconds, timeout: 10 }, (error, result) => {
      if (error) return reject(error);
      const sorted = Float64Array.from(times).sort();
      resolve({
        answers: times.length,
        seconds: (result.finish - result.start) / 1000,
        refused: refused + result.errors + result.timeouts,
        bytes,
        p50: quantile(sorted, 0.5),
        p99: quantile(sorted, 0.99),
      });
    });
    run.on('response', (client, status, size, milliseconds) => {
      if (status !== 200) refused += 1;
      times.push(milliseconds);
      bytes += size;
    });
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    process.stdout.write(`${JSON.stringify(await measure(JSON.parse(line)))}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
  }
}
