// Counts what holds and what does not.

let passed = 0;
let failed = 0;

export function check(name, holds) {
  if (holds) passed += 1;
  else {
    failed += 1;
    console.log(`FAILED: ${name}`);
  }
}

export function same(name, actual, expected) {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(one === other ? name : `${name}: ${one} instead of ${other}`, one === other);
}

// The promise must be refused with this OAuth error code (or this message of the library).
export async function refused(name, promise, code) {
  try {
    await promise;
    check(`${name}: was not refused`, false);
  } catch (error) {
    const found = error.error ?? error.cause?.error ?? error.code ?? error.message;
    check(found === code ? name : `${name}: ${found} (${error.message}) instead of ${code}`, found === code);
  }
}

export function report() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}
