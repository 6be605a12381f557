package javax.annotation;

/** The annotation of generated classes, which Java has not had since version 9. */
public @interface Generated {
  String[] value();

  String date() default "";

  String comments() default "";
}
