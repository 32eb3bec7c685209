// When a component is let go of.

/**
 * What Streamlit calls to clean a component up. On a slow machine it may do so after the component was called anew, and
 * then not call it again: so what is still on the page stays as it is, or it would neither be resized nor hear a key.
 * @param {Node} host the component's own element, or its root @param {() => void} leave
 * @returns {() => void}
 */
export const whenGone = (host, leave) => () => {
  setTimeout(() => { if (!host.isConnected) leave(); });
};
