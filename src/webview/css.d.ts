/** Style sheets are the bundler's: what is imported goes into `preview.css`. */
declare module "*.css";
