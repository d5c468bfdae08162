/** Stands in the bundle of the terminal app for the developer tools of ink, which are not installed. */
export default undefined;
