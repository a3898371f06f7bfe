// The generator in ONNX Runtime, timed: what ./dev bench compares with.
//
// usage: NODE_PATH=… node onnxruntime_peer.js MODEL.onnx NZ THREADS SECONDS BATCH...
// prints one JSON object: {"onnxruntime": {"1": milliseconds a face, ...}}
const ort = require('onnxruntime-node');

const [model, ...numbers] = process.argv.slice(2);
const [nz, threads, seconds, ...batches] = numbers.map(Number);

async function milliseconds(session, batch) {
  const values = Float32Array.from({ length: batch * nz }, () => Math.random() * 2 - 1);
  const feed = { [session.inputNames[0]]: new ort.Tensor('float32', values, [batch, nz, 1, 1]) };
  for (let i = 0; i < 3; ++i) await session.run(feed);
  const times = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end || times.length < 3) {
    const start = performance.now();
    await session.run(feed);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] / batch;
}

async function main() {
  const session = await ort.InferenceSession.create(
      model, { intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: 'all' });
  const result = {};
  for (const batch of batches) result[batch] = await milliseconds(session, batch);
  console.log(JSON.stringify({ onnxruntime: result }));
}

main();
