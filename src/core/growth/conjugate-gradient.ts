/** Linear systems with a symmetric positive definite matrix that is never formed. */

/** Relative residual at which the answer is good enough. */
const TOLERANCE = 1e-6;
const MOST_STEPS = 200;

/**
 * Solves A·x = b by conjugate gradients (Hestenes and Stiefel, 1952).
 *
 * @param multiply x → A·x, A symmetric and positive definite
 */
export function solveSymmetric(multiply: (x: Float64Array) => Float64Array, b: Float64Array): Float64Array {
  const x = new Float64Array(b.length);
  const residual = b.slice();
  let direction = b.slice();
  let energy = dot(residual, residual);
  const enough = energy * TOLERANCE ** 2;
  for (let step = 0; step < MOST_STEPS && energy > enough; step++) {
    const image = multiply(direction);
    const length = energy / dot(direction, image);
    for (let i = 0; i < x.length; i++) {
      x[i] = x[i]! + length * direction[i]!;
      residual[i] = residual[i]! - length * image[i]!;
    }
    const next = dot(residual, residual);
    direction = direction.map((d, i) => residual[i]! + (next / energy) * d);
    energy = next;
  }
  return x;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
