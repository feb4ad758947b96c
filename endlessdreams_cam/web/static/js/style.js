// What the parts share: buttons, small words, focus.

import { css } from "../vendor/lit.js";

export const shared = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
    min-width: 0;
    min-height: 0;
  }
  :host([hidden]) {
    display: none;
  }
  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
    margin: 0;
  }
  button {
    background: var(--raised);
    border: 1px solid var(--line);
    border-radius: var(--round);
    padding: 0.35rem 0.7rem;
    min-height: 2.4rem;
    cursor: pointer;
    touch-action: manipulation;
    user-select: none;
    -webkit-user-select: none;
  }
  button:active {
    background: var(--pressed);
  }
  button[aria-pressed="true"] {
    background: var(--value);
    border-color: var(--value);
    color: #0d0a1f;
    font-weight: 650;
  }
  button:disabled {
    opacity: 0.45;
    cursor: default;
  }
  input:not([type="range"], [type="color"], [type="checkbox"]),
  select,
  textarea {
    background: #0c0d11;
    border: 1px solid var(--line);
    border-radius: var(--round);
    padding: 0.35rem 0.55rem;
    min-height: 2.4rem;
    min-width: 0;
  }
  select {
    cursor: pointer;
  }
  :focus-visible {
    outline: 0.16rem solid var(--ink);
    outline-offset: 0.1rem;
  }
  h2 {
    margin: 0;
    font-size: 0.8rem;
    font-weight: 650;
    color: var(--soft);
    letter-spacing: 0.04em;
    text-transform: uppercase;
  }
  .soft {
    color: var(--soft);
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .row {
    display: flex;
    align-items: center;
    gap: var(--gap);
    min-width: 0;
  }
  .clip {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .scroll {
    overflow: auto;
    scrollbar-width: thin;
    scrollbar-color: var(--edge) transparent;
    overscroll-behavior: contain;
  }
`;
