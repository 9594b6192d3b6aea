/** Linear systems with a symmetric positive definite matrix that is never formed. */

/** Relative residual at which the answer is good enough: 1e-6 takes half as many steps again and moves no mask. */
const TOLERANCE = 1e-4;
const MOST_STEPS = 200;

/**
 * Solves A·x = b by conjugate gradients (Hestenes and Stiefel, 1952), to a relative residual of 1e-4.
 *
 * @param multiply (x, out) writes A·x into `out`, A symmetric and positive definite
 */
export function solveSymmetric(
  multiply: (x: Float64Array, out: Float64Array) => void,
  b: Float64Array,
): Float64Array {
  const x = new Float64Array(b.length);
  const residual = b.slice();
  const direction = b.slice();
  const image = new Float64Array(b.length);
  let energy = dot(residual, residual);
  const enough = energy * TOLERANCE ** 2;
  for (let step = 0; step < MOST_STEPS && energy > enough; step++) {
    multiply(direction, image);
    const length = energy / dot(direction, image);
    addScaled(x, length, direction);
    addScaled(residual, -length, image);
    const next = dot(residual, residual);
    for (let i = 0; i < direction.length; i++) direction[i] = residual[i]! + (next / energy) * direction[i]!;
    energy = next;
  }
  return x;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(x: Float64Array, scale: number, y: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i] = x[i]! + scale * y[i]!;
}
