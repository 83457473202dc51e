// As many processes on one port as BENCH_PROCESSES says, by Node's own cluster module.
import cluster from 'node:cluster';

export async function serveBy(start) {
  const wanted = Number(process.env.BENCH_PROCESSES ?? '1');
  if (wanted === 1 || !cluster.isPrimary) return start();
  for (let i = 0; i < wanted; i += 1) cluster.fork();
  cluster.on('exit', (worker, code) => {
    if (!worker.exitedAfterDisconnect) process.exit(code || 1);
  });
  process.on('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM');
    cluster.disconnect(() => process.exit(0));
  });
}
